using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>A fact that needs <see cref="Kustomize"/>: skipped without it, except where nothing may be skipped.</summary>
internal sealed class KustomizeFactAttribute : FactAttribute
{
    public KustomizeFactAttribute() => Skip = EnvTestBinaries.Required ? null : Kustomize.SkipReason;
}
