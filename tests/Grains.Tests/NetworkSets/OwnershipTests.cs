using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class OwnershipTests
{
    private const string Ours = "calico-global-network-sync-operator";

    [Theory]
    // name, managed-by, key, mark → claim
    [InlineData("blue-shop-web-x", Ours, "blue/shop/web-x", "grid", ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x", Ours, "blue/shop/web-x", null, ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x", "semaphore-policy", "blue/shop/web-x", null, ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x.shard-3", Ours, "blue/shop/web-x", "grid", ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x", Ours, "blue/shop/web-x", "another", ObjectClaim.Foreign)]
    [InlineData("blue-shop-web-x", "helm", "blue/shop/web-x", null, ObjectClaim.Foreign)]
    [InlineData("blue-shop-web-x", null, null, null, ObjectClaim.Foreign)]
    // Two keys, one name.
    [InlineData("blue-shop-web-x", Ours, "blue/shop-web/x", "grid", ObjectClaim.AnotherSet)]
    [InlineData("blue-shop-web-x", Ours, "blue-shop/web/x", null, ObjectClaim.AnotherSet)]
    [InlineData("blue-shop-web-x", Ours, "blue/shop-web/x", null, ObjectClaim.AnotherSet)]
    [InlineData("blue-shop-web-x", Ours, "blue/shop-web/x", "another", ObjectClaim.Foreign)]
    // Labels that contradict the name: the mark decides.
    [InlineData("blue-shop-web-x", Ours, "blue/shop/db", "grid", ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x", Ours, null, "grid", ObjectClaim.Ours)]
    [InlineData("blue-shop-web-x", Ours, "blue/shop/db", null, ObjectClaim.Foreign)]
    [InlineData("blue-shop-web-x", Ours, null, null, ObjectClaim.Foreign)]
    // Our labels under another name: a copy of ours, or somebody's own.
    [InlineData("copy", Ours, "blue/shop/web-x", "grid", ObjectClaim.Ours)]
    [InlineData("copy", Ours, "blue/shop/web-x", null, ObjectClaim.Foreign)]
    [InlineData("copy", Ours, "blue/shop/web-x", "another", ObjectClaim.Foreign)]
    [InlineData("blue-shop-web-x.shard-01", Ours, "blue/shop/web-x", null, ObjectClaim.Foreign)]
    public void Judge_NameLabelsAndMark_TellTheOwner(string name, string? managedBy, string? key, string? owner, ObjectClaim claim)
    {
        var seen = WriterWorld.Object(0, 1) with
        {
            Name = name,
            ManagedBy = managedBy,
            Key = NetworkSetKey.TryParse(key, out var parsed) ? parsed : null,
            Owner = owner,
        };
        Assert.Equal(claim, Ownership.Judge(seen, WriterWorld.Key, "grid"));
    }

    [Fact]
    public void IsExact_AnyPartOfOursThatDiffers_IsNot()
    {
        var write = new NetworkSetWrite { Key = WriterWorld.Key, Shard = 1, Convention = NamingConvention.KubePolicySemaphore, ServiceId = "grid", Nets = [] };
        var seen = WriterWorld.Object(1, 1);
        Assert.True(Ownership.IsExact(seen, write));
        Assert.True(Ownership.IsExact(WriterWorld.Object(0, 1), write with { Shard = 0 }));
        Assert.All(
            new[]
            {
                seen with { NetsExact = false },
                seen with { Key = null },
                seen with { ManagedBy = "semaphore-policy" },
                seen with { Owner = null },
                seen with { OnRemoval = "Retain" },
                seen with { RemovalStarted = "2026-01-02T03:04:05Z" },
                seen with { ShardLabel = null },
                seen with { ShardLabel = "2" },
                seen with { ShardLabel = "01" },
                seen with { ShardLabel = "x" },
            },
            other => Assert.False(Ownership.IsExact(other, write), other.ToString()));
    }
}
