using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>A server with both of Calico's APIs, for all tests that do not break it.</summary>
internal static class BothCalicoApis
{
    private static readonly Lazy<Task<RealApiServer>> Server = new(() => RealApiServers.Shared.StartPrivateAsync(
        new RealApiServerOptions("both-calico-apis") { CalicoApis = [TestBench.CalicoApi.Crd, TestBench.CalicoApi.V3] }));

    public static Task<RealApiServer> GetAsync() => Server.Value;
}
