using System.Text;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>Kubeconfigs with one context.</summary>
internal static class KubeconfigText
{
    /// <param name="proxy">By way of it the server is reached; the certificate is still that of the server's own address.</param>
    public static string Create(RealApiServer server, string token, TcpFaultProxy? proxy) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: {server.Name}
        clusters:
        - name: {server.Name}
          cluster:
            server: {(proxy?.Address ?? server.Address).OriginalString}
            tls-server-name: {(proxy is null ? "" : server.Address.Host)}
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
