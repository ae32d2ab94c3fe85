using System.Text;

namespace KubePolicySemaphore.Simulator;

/// <summary>Writes a kubeconfig for one server.</summary>
internal static class Kubeconfig
{
    public static string Format(Uri server, string? caPem, string? token)
    {
        var address = server.ToString().TrimEnd('/');
        var authority = caPem is null ? "" : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(caPem))}";
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: simulated
              cluster:
                server: {address}{authority}
            users:
            - name: simulated
              user: {(token is null ? "{}" : $"{{token: \"{token}\"}}")}
            contexts:
            - name: simulated
              context: {"{cluster: simulated, user: simulated}"}
            current-context: simulated

            """;
    }
}
