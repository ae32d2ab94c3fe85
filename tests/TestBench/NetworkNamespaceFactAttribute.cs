using KubePolicySemaphore.TestBench.Servers;
using Xunit;

namespace KubePolicySemaphore.TestBench;

/// <summary>A fact that needs real API servers and <see cref="NetworkNamespace"/>: skipped without them, except where they are required.</summary>
public sealed class NetworkNamespaceFactAttribute : FactAttribute
{
    public NetworkNamespaceFactAttribute() =>
        Skip = RealApiServerFactAttribute.SkipReason ?? (EnvTestBinaries.Required ? null : NetworkNamespace.Unavailable);
}
