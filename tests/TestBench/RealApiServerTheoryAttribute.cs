using Xunit;

namespace KubePolicySemaphore.TestBench;

/// <summary>A theory that needs <see cref="EnvTestBinaries"/>: skipped without them, except where they are required.</summary>
public sealed class RealApiServerTheoryAttribute : TheoryAttribute
{
    public RealApiServerTheoryAttribute() => Skip = RealApiServerFactAttribute.SkipReason;
}
