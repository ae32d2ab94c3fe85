using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>What changes at a real API server while it is observed; each test has a server and an etcd of its own.</summary>
public sealed class CalicoMigrationTests
{
    [RealApiServerFact]
    public async Task Migration_FromCrdToV3_IsNoticedWithinAMinuteAndWritesFollow()
    {
        await using var servers = new RealApiServers();
        var server = await servers.GetAsync("local");
        var time = new FakeTimeProvider();
        await using var sut = await StoreUnderTest.OnAsync(server, CalicoApiChoice.Auto, time: time);
        await sut.ObserveAsync();
        var old = (await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default)).Seen!;
        await sut.Observer.UntilAsync("the object", observer => observer.Find(old.Name) is not null);

        await server.ServeAsync(TestBench.CalicoApi.V3);
        await sut.PassAsync(time, "a list of the new API", observer => observer.Lists == 2);
        var update = await sut.Store.UpdateAsync(StoreUnderTest.Write("web", "10.0.0.2"), old, default);
        var created = await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.2"), default);

        // What was seen in the old API is nothing that may be written in the new one.
        Assert.Equal((StoreOutcome.NotFound, StoreOutcome.Done), (update.Outcome, created.Outcome));
        Assert.NotNull(await server.Admin.TryGetAsync($"{TestBench.CalicoApi.V3.Path}/{old.Name}"));
        await sut.Observer.UntilAsync("the new object", observer => observer.Find(old.Name)?.Uid == created.Seen!.Uid);
    }

    [RealApiServerFact]
    public async Task Crd_RemovedAndBack_IsMissingMeanwhileAndListedAfterwards()
    {
        await using var servers = new RealApiServers();
        var server = await servers.GetAsync("local");
        var time = new FakeTimeProvider();
        await using var sut = await StoreUnderTest.OnAsync(server, CalicoApiChoice.Auto, time: time);
        await sut.ObserveAsync();

        await server.RemoveAsync(TestBench.CalicoApi.Crd);
        await sut.PassAsync(time, "that it is missing", observer => observer.Errors.Any(error => error.Contains("is Calico installed")));
        var missing = await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default);
        await server.ServeAsync(TestBench.CalicoApi.Crd);
        var lists = sut.Observer.Lists;
        await sut.PassAsync(time, "a list after it is back", observer => observer.Lists > lists);

        Assert.Equal(StoreOutcome.ApiMissing, missing.Outcome);
        Assert.Equal(StoreOutcome.Done, (await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default)).Outcome);
    }

    [RealApiServerFact]
    public async Task Watch_FromBeforeACompaction_IsListedAnew()
    {
        await using var servers = new RealApiServers();
        var server = await servers.GetAsync("local");
        await using var sut = await StoreUnderTest.OnAsync(server, CalicoApiChoice.Auto);
        await sut.ObserveAsync();
        await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default);
        await sut.Observer.UntilAsync("the object", observer => observer.Find("blue-ns-web") is not null);

        await server.KillAsync();
        // Revisions that nobody has seen, and then no memory of them.
        await server.Seeder.PutPodsAsync(Enumerable.Range(0, 10).Select(i => new TestPod("default", $"pod-{i}")));
        await server.Etcd.CompactAsync();
        await server.StartAsync();

        await sut.Observer.UntilAsync("a second list", observer => observer.Lists == 2);
        Assert.NotNull(sut.Observer.Find("blue-ns-web"));
        await server.Admin.DeleteAsync($"{TestBench.CalicoApi.Crd.Path}/blue-ns-web");
        await sut.Observer.UntilAsync("that it is gone", observer => observer.Find("blue-ns-web") is null);
    }
}
