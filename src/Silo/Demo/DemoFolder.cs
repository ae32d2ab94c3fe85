using KubePolicySemaphore.Simulator;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>The files of a demo: configuration, kubeconfigs, tokens. Gone when it ends.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kube-policy-semaphore-demo-");

    public string ConfigPath => Path.Combine(_folder.FullName, "config.yaml");

    public string LocalKubeconfig => Path.Combine(_folder.FullName, "local.kubeconfig");

    /// <summary>How this program is called.</summary>
    public string Program { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet"
        ? path
        : "kube-policy-semaphore";

    public static async Task<DemoFolder> CreateAsync(
        SimulatedApiServer local, IReadOnlyList<DemoCluster> clusters, CancellationToken cancellationToken)
    {
        var folder = new DemoFolder();
        await File.WriteAllTextAsync(folder.LocalKubeconfig, local.KubeconfigText(), cancellationToken);
        var config = $"local:\n  kubeconfig: {folder.LocalKubeconfig}\nclusters:\n";
        foreach (var cluster in clusters)
        {
            var kubeconfig = Path.Combine(folder._folder.FullName, $"{cluster.Name}.kubeconfig");
            await File.WriteAllTextAsync(kubeconfig, cluster.Server.KubeconfigText($"{cluster.Name}-token"), cancellationToken);
            config += $"- name: {cluster.Name}\n  kubeconfig: {kubeconfig}\n  allowedCidrs: [{cluster.Cidr}]\n";
        }

        await File.WriteAllTextAsync(folder.ConfigPath, config, cancellationToken);
        return folder;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
