using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests.Running;

/// <summary>
/// The pods of a rendered StatefulSet as processes: its arguments and environment. Only what a node would do is done here:
/// volumes are folders, the downward API's values are made up, and each has ports of its own on the one address.
/// </summary>
internal sealed class RenderedSilos(RealApiServer local, Manifest manifest) : IAsyncDisposable
{
    private const string Address = "127.0.0.1";

    private readonly Workload _workload = new(manifest);
    private readonly string _folder = BenchFolders.CreateTemporary("pods");
    private readonly List<(ChildProcess Process, Uri Health)> _silos = [];

    private JsonNode Metadata => manifest.Single("StatefulSet")["metadata"]!;

    public string Namespace => Metadata["namespace"]!.GetValue<string>();

    /// <summary>The pods' names.</summary>
    public IReadOnlyList<string> Names => [.. Enumerable.Range(0, _workload.Spec["replicas"]!.GetValue<int>()).Select(i => $"{Metadata["name"]}-{i}")];

    /// <summary>All that the silos have logged.</summary>
    public string Log => string.Join('\n', _silos.Select(silo => $"{silo.Process.Output}\n{silo.Process.Error}"));

    /// <summary>Puts a file where the pods find that of a volume.</summary>
    public void Mount(string volume, string file, string content) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(FolderOf(volume)).FullName, file), content);

    /// <summary>The text with the paths of the pods' volumes made those of their folders.</summary>
    public string Relocate(string text) => _workload.Container["volumeMounts"]!.AsArray().Aggregate(text, (moved, mount) =>
        moved.Replace(mount!["mountPath"]!.GetValue<string>(), FolderOf(mount["name"]!.GetValue<string>()), StringComparison.Ordinal));

    /// <summary>Starts them all, with a token of the account that the pods run as, and waits until each is ready.</summary>
    public async Task StartAsync()
    {
        foreach (var name in Names)
        {
            var ports = FreePorts.Take(3);
            var silo = await PublishedProgram.StartAsync(
                [
                    .. await ArgumentsAsync(), $"--http-address={Address}:{ports[0]}", $"--admin-address={Address}:{ports[1]}", $"--silo-port={ports[2]}",
                ], EnvironmentOf(name));
            _silos.Add((silo, new Uri($"http://{Address}:{ports[0]}/readyz")));
        }

        foreach (var (silo, health) in _silos)
            await silo.WaitForHealthAsync(health);
    }

    /// <summary>Runs a command of the program as in one of the pods.</summary>
    public async Task<ChildProcess> RunAsync(string command) =>
        await PublishedProgram.RunAsync([command, .. await ArgumentsAsync()], EnvironmentOf(Names[0]));

    /// <summary>Tells them all to stop; their exit codes.</summary>
    public Task<int[]> StopAsync() => Task.WhenAll(_silos.Select(silo => silo.Process.TerminateAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var (silo, _) in _silos)
            await silo.DisposeAsync();
    }

    // In a pod the account is a folder at a fixed path, which is not a test's to write to.
    private async Task<string[]> ArgumentsAsync()
    {
        var token = await RenderedAccount.TokenAsync(local, Namespace, _workload.Pod["serviceAccountName"]!.GetValue<string>());
        return [.. _workload.Arguments.Select(Relocate), $"--local-kube-config={await local.WriteKubeconfigAsync(token)}"];
    }

    private Dictionary<string, string?> EnvironmentOf(string pod) => _workload.Container["env"]!.AsArray().ToDictionary(
        variable => variable!["name"]!.GetValue<string>(),
        variable => variable!["value"]?.GetValue<string>() ?? FieldOf(pod, variable["valueFrom"]!["fieldRef"]!["fieldPath"]!.GetValue<string>()));

    private string? FieldOf(string pod, string path) => path switch
    {
        "metadata.name" => pod,
        "metadata.namespace" => Namespace,
        "status.podIP" => Address,
        _ => throw new InvalidOperationException($"the tests do not know the field {path}"),
    };

    private string FolderOf(string volume) => Path.Combine(_folder, volume);
}
