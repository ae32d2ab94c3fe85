using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class PrinterColumnTests
{
    [RealApiServerFact]
    public async Task Kubectl_Get_ShowsVersionCountsAndWhoIsAlive()
    {
        await using var cluster = await TestTable.CreateAsync();
        var one = await cluster.InsertAsync(SiloStatus.Active);
        await cluster.InsertAsync(SiloStatus.Dead);
        var other = await cluster.InsertAsync(SiloStatus.Active);

        var shown = await cluster.Server.Admin.KubectlAsync(null, "get", "orleansclusters", "-n", TestTable.Namespace, cluster.ClusterId);

        var lines = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(["NAME", "VERSION", "SILOS", "ACTIVE", "ALIVE", "AGE"], lines[0]);
        var names = string.Join(',', new[] { one.SiloName, other.SiloName }.Order(StringComparer.Ordinal));
        Assert.Equal([cluster.ClusterId, "3", "3", "2", names], lines[1][..5]);
    }

    [RealApiServerFact]
    public async Task Object_AfterManyHeartbeatsOfManySilos_KeepsOneEntryOfManagedFields()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        await using var other = cluster.AnotherSilo();
        await other.InsertAsync();
        await other.Table.UpdateIAmAliveAsync(entry);

        Assert.Single((await cluster.ObjectAsync())["metadata"]!["managedFields"]!.AsArray());
    }
}
