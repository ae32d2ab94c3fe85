using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>
/// The operator of one test with a configuration file, a local cluster and remote ones. Service id, cluster names and
/// pods' labels are its own, so worlds can share API servers.
/// </summary>
public sealed class World : IAsyncDisposable
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..6];
    private readonly string _folder = BenchFolders.CreateTemporary("world");
    private OperatorProgram? _program;

    private World(RealApiServer local, CalicoApi api, string localKubeconfig)
    {
        Local = local;
        LocalKubeconfig = localKubeconfig;
        NetworkSets = new(local, api);
    }

    public RealApiServer Local { get; }

    /// <summary>With the rights of <c>deploy/local/rbac.yaml</c>.</summary>
    public string LocalKubeconfig { get; }

    public NetworkSets NetworkSets { get; }

    /// <summary>Value of the annotation that marks this world's objects.</summary>
    public string ServiceId => $"grid-{_id}";

    public string ConfigFile => Path.Combine(_folder, "config.yaml");

    /// <summary>The program that runs.</summary>
    /// <exception cref="InvalidOperationException">None was started.</exception>
    public OperatorProgram Program => _program ?? throw new InvalidOperationException("the program was not started");

    /// <summary>A world on the shared local cluster, or on one of the test's own.</summary>
    public static async Task<World> CreateAsync(RealApiServer? local = null, CalicoApi? api = null)
    {
        local ??= await RealApiServers.Shared.GetAsync("local");
        var kubeconfig = await local.WriteKubeconfigAsync(await ShippedRoles.LocalTokenAsync(local));
        return new World(local, api ?? CalicoApi.Crd, kubeconfig);
    }

    /// <summary>A cluster on a shared API server: <c>remote-a</c> unless told otherwise.</summary>
    public async Task<RemoteCluster> AddClusterAsync(string name, string server = "remote-a") =>
        AddCluster(name, await RealApiServers.Shared.GetAsync(server));

    public RemoteCluster AddCluster(string name, RealApiServer server) => new($"{name}-{_id}", server);

    /// <summary>Writes the configuration file: fields of the grid, then cluster entries.</summary>
    public Task ConfigureAsync(string grid, params string[] entries) => WriteConfigAsync(ConfigText(grid, entries));

    public string ConfigText(string grid, params string[] entries) => ConfigTextWith(LocalKubeconfig, grid, entries);

    /// <summary>As <see cref="ConfigText"/>, with another way to the local cluster.</summary>
    public static string ConfigTextWith(string localKubeconfig, string grid, params string[] entries) =>
        $"""
        local:
          kubeconfig: {localKubeconfig}
        {grid}
        {(entries.Length == 0 ? "clusters: []" : "clusters:")}
        {string.Concat(entries)}
        """;

    /// <summary>Replaces the configuration file in one step, so that no half of it is read.</summary>
    public async Task WriteConfigAsync(string text)
    {
        await File.WriteAllTextAsync(ConfigFile + ".new", text);
        File.Move(ConfigFile + ".new", ConfigFile, overwrite: true);
    }

    /// <summary>A path in a folder of this world's own.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Starts the program with the configuration file and waits until it is ready.</summary>
    public Task<OperatorProgram> StartAsync(params string[] arguments) => StartWithAsync([$"--config={ConfigFile}", .. arguments]);

    /// <summary>Starts the program with these flags, and those that keep worlds apart.</summary>
    public async Task<OperatorProgram> StartWithAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (_program is { } before)
            await before.DisposeAsync();
        _program = await OperatorProgram.StartAsync(
            [.. arguments, $"--service-id={ServiceId}", $"--cluster-id={ServiceId}"], environment ?? new Dictionary<string, string?>());
        await _program.WaitUntilReadyAsync();
        return _program;
    }

    /// <summary>Runs a command that reads the configuration, such as <c>check</c> or <c>verify</c>.</summary>
    public Task<ChildProcess> RunAsync(string command, params string[] arguments) => RunAsync(command, arguments, new Dictionary<string, string?>());

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    public Task<ChildProcess> RunAsync(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment) =>
        PublishedProgram.RunAsync([command, $"--config={ConfigFile}", $"--service-id={ServiceId}", .. arguments], environment);

    /// <summary>Runs a command that asks the running program, such as <c>status</c>.</summary>
    public Task<ChildProcess> AskAsync(string command, params string[] arguments) =>
        PublishedProgram.RunAsync([command, $"--server={Program.Admin.OriginalString}", .. arguments]);

    /// <summary>Waits until an object has exactly these nets, in this order; a failure tells what the program is about.</summary>
    public Task WaitForNetsAsync(string name, params string[] nets) => Program.DescribedAsync(NetworkSets.WaitForNetsAsync(name, nets));

    /// <summary>As <see cref="WaitForNetsAsync(string, string[])"/>, within a limit of the contract.</summary>
    public Task WaitForNetsAsync(TimeSpan limit, string name, params string[] nets) =>
        Program.DescribedAsync(NetworkSets.WaitForNetsAsync(name, nets, limit));

    /// <summary>Waits until there is no such object; a failure tells what the program is about.</summary>
    public Task WaitForNoneAsync(string name, TimeSpan? limit = null) =>
        Program.DescribedAsync(NetworkSets.WaitForNoneAsync(name, limit));

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
