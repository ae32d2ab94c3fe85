using System.Text;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>Kubeconfigs with one context.</summary>
internal static class KubeconfigText
{
    public static string Create(RealApiServer server, string token) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: {server.Name}
        clusters:
        - name: {server.Name}
          cluster:
            server: {server.Address.OriginalString}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(server.CaPem))}
        users:
        - name: {server.Name}
          user:
            token: {token}
        contexts:
        - name: {server.Name}
          context:
            cluster: {server.Name}
            user: {server.Name}

        """;
}
