using System.Net;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Tests;

/// <summary>The faults that tests of the product make with real servers.</summary>
public sealed class FaultsTests
{
    private const string Namespaces = "/api/v1/namespaces";

    [RealApiServerFact]
    public async Task Compaction_OfOldRevisions_ExpiresContinuedListAndOldWatch()
    {
        await using var servers = new RealApiServers();
        var server = await servers.GetAsync("compacted");
        var page = (await server.Admin.GetAsync($"{Namespaces}?limit=1"))["metadata"]!;
        await server.Admin.CreateNamespaceAsync("later");
        await server.Etcd.CompactAsync();

        var expired = await Assert.ThrowsAsync<ApiServerStatusException>(() =>
            server.Admin.GetAsync($"{Namespaces}?limit=1&continue={page["continue"]!.GetValue<string>()}"));
        Assert.Equal(HttpStatusCode.Gone, expired.Status);

        await server.KillAsync();
        await server.StartAsync();
        var first = await server.Admin.WatchAsync(Namespaces, page["resourceVersion"]!.GetValue<string>()).FirstAsync();
        Assert.Equal("ERROR", first["type"]!.GetValue<string>());
        Assert.Equal(410, first["object"]!["code"]!.GetValue<int>());
    }

    [RealApiServerFact]
    public async Task Wait_ThroughAnOutage_SeesWhatCameAfterIt()
    {
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("outage"));
        var seen = server.Admin.WaitForAsync(Namespaces, all => all.ContainsKey("after"));

        await server.KillAsync();
        await server.StartAsync();
        await server.Admin.CreateNamespaceAsync("after");

        await seen;
    }

    [RealApiServerFact]
    public async Task Server_Frozen_AnswersNothingUntilResumed()
    {
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("frozen"));
        await server.FreezeAsync();
        // The signal reaches the server's threads one by one: what is asked at once may still be answered.
        var request = server.Admin.GetAsync(Namespaces);
        for (var i = 0; i < 5 && await Task.WhenAny(request, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)) == request; i++)
            request = server.Admin.GetAsync(Namespaces);
        await Assert.ThrowsAsync<TimeoutException>(() => request.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System));

        server.Resume();

        Assert.NotNull(await request.WaitAsync(Deadline.Default, TimeProvider.System));
    }
}
