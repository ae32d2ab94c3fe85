using System.Text.Json.Nodes;
using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests;

/// <summary>The table of one cluster id as one silo has it, and the object behind it as an administrator sees it.</summary>
internal sealed class TestTable : IAsyncDisposable
{
    public const string Namespace = "grid";

    private readonly ServiceProvider _services;

    private TestTable(RealApiServer server, string clusterId, TestUser user, CollectingLoggerProvider log)
    {
        Server = server;
        ClusterId = clusterId;
        Log = log;
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Information))
            .AddMetrics()
            .Configure<ClusterOptions>(options => options.ClusterId = clusterId)
            .Configure<KubernetesClusteringOptions>(options => Reach(options, server, user.Token))
            .AddKubernetesMembershipTable()
            .AddKubernetesGatewayList()
            .BuildServiceProvider();
    }

    public RealApiServer Server { get; }

    public string ClusterId { get; }

    public CollectingLoggerProvider Log { get; }

    public IServiceProvider Services => _services;

    public IMembershipTable Table => _services.GetRequiredService<IMembershipTable>();

    public IGatewayListProvider Gateways => _services.GetRequiredService<IGatewayListProvider>();

    public string Path => $"{Collection}/{ClusterId}";

    public static string Collection => $"/apis/{OrleansClusterApi.Group}/{OrleansClusterApi.Version}/namespaces/{Namespace}/{OrleansClusterApi.Plural}";

    /// <summary>A new cluster on the shared server.</summary>
    public static async Task<TestTable> CreateAsync() => On(await MembershipServer.GetAsync(), NewId());

    public static TestTable On(RealApiServer server, string clusterId, TestUser? user = null) =>
        new(server, clusterId, user ?? TestUser.Admin, new CollectingLoggerProvider());

    public static string NewId() => $"test-{Guid.NewGuid():N}";

    public static void Reach(KubernetesClusteringOptions options, RealApiServer server, string token)
    {
        options.KubeconfigPath = server.WriteKubeconfigAsync(token).GetAwaiter().GetResult();
        options.Namespace = Namespace;
    }

    /// <summary>The same cluster as another silo has it, which knows nothing yet.</summary>
    public TestTable AnotherSilo(TestUser? user = null) => On(Server, ClusterId, user);

    public Task<JsonObject> ObjectAsync() => Server.Admin.GetAsync(Path);

    /// <summary>Meddles with the object by a JSON merge patch.</summary>
    public Task MeddleAsync(JsonObject patch) => Server.Admin.PatchAsync(Path, patch);

    /// <summary>Inserts an entry as Orleans does, and answers it.</summary>
    public async Task<MembershipEntry> InsertAsync(SiloStatus status = SiloStatus.Active)
    {
        var entry = TestEntry.Create(status);
        var table = await Table.ReadAllAsync();
        Assert.True(await Table.InsertRowAsync(entry, table.Version.Next()), "the insert lost a race that nobody else runs");
        return entry;
    }

    /// <summary>Updates an entry as Orleans does.</summary>
    public async Task<bool> UpdateAsync(MembershipEntry entry)
    {
        var table = await Table.ReadAllAsync();
        return await Table.UpdateRowAsync(entry, table.ETagOf(entry), table.Version.Next());
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
