using Xunit;

namespace KubePolicySemaphore.TestBench;

/// <summary>A fact that needs real API servers and <see cref="FakeTime"/>: skipped without them, except where they are required.</summary>
public sealed class FakeTimeFactAttribute : FactAttribute
{
    public FakeTimeFactAttribute() =>
        Skip = RealApiServerFactAttribute.SkipReason ?? (EnvTestBinaries.Required || FakeTime.Find() is not null ? null : FakeTime.Missing);
}
