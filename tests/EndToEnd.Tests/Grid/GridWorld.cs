using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid;

/// <summary>Several silos of one grid, each a process, with the membership in the local cluster and the shipped rights.</summary>
internal sealed class GridWorld : IAsyncDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, OperatorProgram> _silos = [];
    private readonly Dictionary<string, string[]> _flags = [];

    private GridWorld(World world) => World = world;

    public World World { get; }

    /// <summary>Variables that a silo gets beside the usual ones, by its name.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, string?>> Variables { get; } = [];

    public IReadOnlyDictionary<string, OperatorProgram> Silos => _silos;

    /// <summary>A silo that runs, whichever.</summary>
    public OperatorProgram Any => _silos.Values.First(silo => !silo.HasExited);

    /// <summary>A grid on the shared local cluster, or on one of the test's own.</summary>
    public static async Task<GridWorld> CreateAsync(RealApiServer? local = null)
    {
        var world = await World.CreateAsync(local);
        await ShippedRoles.ApplyMembershipAsync(world.Local);
        return new(world);
    }

    /// <summary>Starts silos and waits until each is ready.</summary>
    public async Task StartAsync(params string[] names)
    {
        foreach (var name in names)
            await StartSiloAsync(name);
        await WaitUntilReadyAsync(names);
    }

    /// <summary>Starts silos that have ended at the addresses they had, as a StatefulSet's pods often come back, and waits until each is ready.</summary>
    public async Task RestartAsync(params string[] names)
    {
        foreach (var name in names)
        {
            var ended = _silos[name];
            await StartSiloAsync(name, ended.Place, _flags[name]);
            await ended.DisposeAsync();
        }

        await WaitUntilReadyAsync(names);
    }

    /// <summary>Starts a silo without waiting, with flags of the test's own.</summary>
    public Task<OperatorProgram> StartSiloAsync(string name, params string[] flags) => StartSiloAsync(name, place: null, flags);

    /// <summary>Starts a silo without waiting, where it is told to listen.</summary>
    public async Task<OperatorProgram> StartSiloAsync(string name, OperatorPlace? place, params string[] flags)
    {
        _flags[name] = flags;
        return _silos[name] = await OperatorProgram.StartAsync(
            [
                $"--config={World.ConfigFile}", "--clustering=kubernetes", $"--service-id={World.ServiceId}", $"--cluster-id={World.ServiceId}",
                $"--silo-name={name}", .. flags,
            ],
            new Dictionary<string, string?>(Variables.GetValueOrDefault(name, new Dictionary<string, string?>()))
            {
                ["POD_NAMESPACE"] = ShippedRoles.Namespace,
            }, place);
    }

    /// <summary>Waits until each of these silos is ready.</summary>
    public async Task WaitUntilReadyAsync(params string[] names)
    {
        foreach (var name in names)
            await _silos[name].DescribedAsync(_silos[name].WaitUntilReadyAsync());
    }

    /// <summary>The silo that watches each cluster, as <paramref name="asked"/> tells.</summary>
    public static async Task<Dictionary<string, string>> WatchersAsync(OperatorProgram asked) =>
        (await asked.ApiAsync("/api/v1/clusters"))["clusters"]!.AsArray()
        .ToDictionary(cluster => cluster!["name"]!.GetValue<string>(), cluster => cluster!["silo"]?.GetValue<string>() ?? "");

    /// <summary>Waits until every cluster is in sync and each of these silos, and no other, watches its share.</summary>
    public Task WaitForSharesAsync(int each, params string[] silos)
    {
        var last = "nothing";
        return Any.DescribedAsync(Deadline.UntilAsync($"{each} clusters on each of {string.Join(", ", silos)}", async () =>
        {
            var clusters = (await Any.ApiAsync("/api/v1/clusters"))["clusters"]!.AsArray();
            last = clusters.ToJsonString();
            return clusters.All(cluster => cluster!["state"]!.GetValue<string>() == "Synced")
                && clusters.CountBy(cluster => cluster!["silo"]!.GetValue<string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .SequenceEqual(silos.Order(StringComparer.Ordinal).Select(silo => KeyValuePair.Create(silo, each)));
        }, JoinLimit, () => $"{last}\n{Tails()}"));
    }

    /// <summary>The last lines of every silo's log.</summary>
    public string Tails() => string.Concat(_silos.Select(silo =>
        $"--- {silo.Key}{(silo.Value.HasExited ? " (ended)" : "")}\n{silo.Value.TailOfLog(60)}\n"));

    /// <summary>What <c>kubectl get</c> shows of the grid.</summary>
    public Task<string> ShowMembersAsync() =>
        World.Local.Admin.KubectlAsync(null, "get", "orleansclusters", "-n", ShippedRoles.Namespace, World.ServiceId);

    /// <summary>Where the local API server has the membership.</summary>
    public string MembershipPath => $"/apis/kube-policy-semaphore.io/v1alpha1/namespaces/{ShippedRoles.Namespace}/orleansclusters/{World.ServiceId}";

    public Task<JsonObject> MembershipAsync() => World.Local.Admin.GetAsync(MembershipPath);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
            await silo.DisposeAsync();
        await World.DisposeAsync();
    }
}
