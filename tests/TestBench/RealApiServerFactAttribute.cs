using Xunit;

namespace KubePolicySemaphore.TestBench;

/// <summary>A fact that needs <see cref="EnvTestBinaries"/>: skipped without them, except where they are required.</summary>
public sealed class RealApiServerFactAttribute : FactAttribute
{
    public RealApiServerFactAttribute() => Skip = SkipReason;

    internal static string? SkipReason =>
        EnvTestBinaries.Required || EnvTestBinaries.Find() is not null ? null : EnvTestBinaries.Missing;
}
