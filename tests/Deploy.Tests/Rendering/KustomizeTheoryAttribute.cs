using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <inheritdoc cref="KustomizeFactAttribute"/>
internal sealed class KustomizeTheoryAttribute : TheoryAttribute
{
    public KustomizeTheoryAttribute() => Skip = EnvTestBinaries.Required ? null : Kustomize.SkipReason;
}
