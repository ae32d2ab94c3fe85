using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>A theory that needs <see cref="Kustomize"/> and <see cref="EnvTestBinaries"/>.</summary>
internal sealed class ApplyTheoryAttribute : TheoryAttribute
{
    public ApplyTheoryAttribute() =>
        Skip = EnvTestBinaries.Required ? null : Kustomize.SkipReason ?? (EnvTestBinaries.Find() is null ? EnvTestBinaries.Missing : null);
}
