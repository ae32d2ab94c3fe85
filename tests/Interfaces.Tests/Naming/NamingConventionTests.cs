using System.Globalization;
using CsCheck;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Interfaces.Tests.Naming;

public sealed class NamingConventionTests
{
    private static readonly NetworkSetKey Key = new("blue", "shop", "web");

    private static readonly Gen<char> Alphanumeric = Gen.Char["ab0"];

    // Valid by construction: a filter over random text gives up now and then.
    private static readonly Gen<string> Label = Gen.OneOf(
        Alphanumeric.Select(single => single.ToString()),
        Gen.Select(Alphanumeric, Gen.String[Gen.Char["ab0-"], 0, 6], Alphanumeric, (first, middle, last) => $"{first}{middle}{last}"),
        Gen.Int[61, 63].Select(length => new string('n', length)));

    private static readonly Gen<string> Cluster = Gen.OneOf(Gen.OneOf("p", "p-q", "blue"), Label);

    private static readonly Gen<string> RemoteText = Gen.OneOf(
        Gen.OneOf("r", "q-r", "web.v2", "web.shard-1", "web.shard-", "web.shard-x", "web.shard-1.shard-2", ".shard-1", "shard-1"),
        Gen.String[Gen.Char["aB0-_./é"], 0, 8],
        Gen.Int[61, 65].Select(length => new string('n', length)),
        Gen.Int[61, 65].Select(length => new string('n', length - 8) + ".shard-1"));

    private static readonly Gen<string> ValidName = Gen.OneOf(
        Gen.OneOf("web.v2", "web.shard-x", "shard-1", "q-r"),
        Label,
        Gen.Select(Gen.Char["ab"], Label, (first, rest) => $"{first}.{rest}"[..Math.Min(63, rest.Length + 2)]));

    private static readonly Gen<NetworkSetKey> ValidKey = Gen.Select(
        Cluster, Gen.OneOf(Gen.OneOf("r", "q-r"), Label), ValidName, (cluster, ns, name) => new NetworkSetKey(cluster, ns, name));

    [Fact]
    public void CheckSetName_AnyRemoteText_PassesOnlyWhatKubernetesTakes() =>
        Gen.Select(Cluster, RemoteText, RemoteText, Gen.Int[0, 1_000]).Sample((cluster, ns, name, shard) =>
        {
            if (NamingConvention.CheckSetName(cluster, ns, name) != SetNameFault.None)
                return;
            var key = new NetworkSetKey(cluster, ns, name);
            Assert.True(KubernetesName.IsSubdomain(NamingConvention.ObjectName(key, shard)), NamingConvention.ObjectName(key, shard));
            foreach (var convention in NamingConvention.All)
                Assert.All(convention.Labels(key, shard), label => Assert.True(KubernetesName.IsLabelValue(label.Value), label.Value));
            Assert.True(NetworkSetKey.TryParse(key.ToString(), out var parsed));
            Assert.Equal(key, parsed);
        });

    [Theory]
    [InlineData("web", SetNameFault.None)]
    [InlineData("web.v2", SetNameFault.None)]
    [InlineData("0", SetNameFault.None)]
    [InlineData("web.shard-", SetNameFault.NotALabelValue)]
    [InlineData("web.shard-x", SetNameFault.None)]
    [InlineData("shard-1", SetNameFault.None)]
    [InlineData("web.shard-1", SetNameFault.ReservedSuffix)]
    [InlineData("web.shard-007", SetNameFault.ReservedSuffix)]
    [InlineData("web.shard-x.shard-1", SetNameFault.ReservedSuffix)]
    [InlineData("", SetNameFault.Missing)]
    [InlineData("Web", SetNameFault.NotASubdomain)]
    [InlineData("we_b", SetNameFault.NotASubdomain)]
    [InlineData("_", SetNameFault.NotALabelValue)]
    [InlineData("..", SetNameFault.NotALabelValue)]
    [InlineData("a..b", SetNameFault.NotASubdomain)]
    [InlineData("a.-b", SetNameFault.NotASubdomain)]
    [InlineData("-x", SetNameFault.NotALabelValue)]
    [InlineData("x-", SetNameFault.NotALabelValue)]
    [InlineData("a/b", SetNameFault.NotALabelValue)]
    [InlineData("a b", SetNameFault.NotALabelValue)]
    [InlineData("\U0001F600", SetNameFault.NotALabelValue)]
    public void CheckSetName_Name_HasItsFault(string name, SetNameFault fault) =>
        Assert.Equal(fault, NamingConvention.CheckSetName("blue", "shop", name));

    [Fact]
    public void CheckSetName_OfSixtyFourCharacters_IsNoLabelValue()
    {
        Assert.Equal(SetNameFault.None, NamingConvention.CheckSetName("blue", "shop", new string('a', 63)));
        Assert.Equal(SetNameFault.NotALabelValue, NamingConvention.CheckSetName("blue", "shop", new string('a', 64)));
    }

    [Theory]
    [InlineData(187, SetNameFault.None)]
    [InlineData(188, SetNameFault.NotASubdomain)]
    public void CheckSetName_WithALongCluster_CountsTheWholeObjectName(int cluster, SetNameFault fault) =>
        Assert.Equal(fault, NamingConvention.CheckSetName(new string('c', cluster), "n", new string('a', 63)));

    [Theory]
    [InlineData("a/b")]
    [InlineData("Shop")]
    [InlineData("a.b")]
    [InlineData("-")]
    [InlineData("")]
    public void CheckSetName_InANamespaceThatCannotBe_IsRefused(string podNamespace) =>
        Assert.Equal(SetNameFault.NotASubdomain, NamingConvention.CheckSetName("blue", podNamespace, "web"));

    [Fact]
    public void TryGetShard_OfAnObjectName_GivesTheNumber() =>
        Gen.Select(ValidKey, Gen.Int[0, int.MaxValue]).Sample((key, shard) =>
        {
            Assert.Equal(SetNameFault.None, NamingConvention.CheckSetName(key.Cluster, key.Namespace, key.Name));
            Assert.True(NamingConvention.TryGetShard(key, NamingConvention.ObjectName(key, shard), out var read));
            Assert.Equal(shard, read);
        });

    [Fact]
    public void ObjectName_OfAFurtherObject_IsNeverTheNameOfAnotherSet() =>
        Gen.Select(ValidKey, ValidKey, Gen.Int[1, 3]).Sample((one, other, shard) =>
            Assert.NotEqual(NamingConvention.ObjectName(one, shard), NamingConvention.ObjectName(other)));

    [Theory]
    [InlineData("blue-shop-web", 0)]
    [InlineData("blue-shop-web.shard-1", 1)]
    [InlineData("blue-shop-web.shard-2147483647", int.MaxValue)]
    [InlineData("blue-shop-web.shard-2147483648", null)]
    [InlineData("blue-shop-web.shard-0", null)]
    [InlineData("blue-shop-web.shard-01", null)]
    [InlineData("blue-shop-web.shard-+1", null)]
    [InlineData("blue-shop-web.shard--1", null)]
    [InlineData("blue-shop-web.shard-", null)]
    [InlineData("blue-shop-web.shard-1.shard-1", null)]
    [InlineData("blue-shop-webb", null)]
    [InlineData("blue-shop", null)]
    [InlineData("Blue-shop-web", null)]
    public void TryGetShard_Name_IsReadExactly(string name, int? shard)
    {
        Assert.Equal(shard is not null, NamingConvention.TryGetShard(Key, name, out var read));
        if (shard is not null)
            Assert.Equal(shard, read);
    }

    [Fact]
    public void Labels_OfTheDefaultConvention_AreThoseThatPoliciesSelect()
    {
        Assert.Equal("blue-shop-web", NamingConvention.ObjectName(Key));
        Assert.Equal(
            """
            managed-by=calico-global-network-sync-operator
            name=web
            namespace=shop
            remote-cluster-name=blue
            """,
            Text(NamingConvention.KubePolicySemaphore, shard: 0));
    }

    [Fact]
    public void Labels_OfSemaphorePolicy_AreThoseThatPoliciesSelect() =>
        Assert.Equal(
            """
            managed-by=semaphore-policy
            policy.semaphore.uw.io/name=web
            policy.semaphore.uw.io/namespace=shop
            policy.semaphore.uw.io/cluster=blue
            """,
            Text(NamingConvention.SemaphorePolicy, shard: 0));

    [Fact]
    public void Labels_OfAFurtherObject_TellItsNumber()
    {
        Assert.Equal("blue-shop-web.shard-12", NamingConvention.ObjectName(Key, 12));
        Assert.EndsWith("\nkube-policy-semaphore/shard=12", Text(NamingConvention.KubePolicySemaphore, shard: 12), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_OfBothConventions_AreTheContracts()
    {
        var (ours, theirs) = (NamingConvention.KubePolicySemaphore, NamingConvention.SemaphorePolicy);
        Assert.Equal((SetNameSource.Annotation("uw.systems/networkset-name"), "uw.systems/networksets=true"), (ours.DefaultSource, ours.DefaultLabelSelector));
        Assert.Equal((SetNameSource.Label("policy.semaphore.uw.io/name"), "policy.semaphore.uw.io/name"), (theirs.DefaultSource, theirs.DefaultLabelSelector));
        Assert.Equal("kube-policy-semaphore/owner", NamingConvention.OwnerAnnotation);
        Assert.Equal(ours, NamingConvention.All[0]);
    }

    [Fact]
    public void TryGet_NameOrManagedBy_FindsTheConvention()
    {
        foreach (var convention in NamingConvention.All)
        {
            Assert.True(NamingConvention.TryGet(convention.Name, out var named));
            Assert.True(NamingConvention.TryGetByManagedBy(convention.ManagedBy, out var managing));
            Assert.Equal((convention, convention), (named, managing));
        }

        Assert.False(NamingConvention.TryGet("helm", out _));
        Assert.False(NamingConvention.TryGetByManagedBy("helm", out _));
        Assert.False(NamingConvention.TryGetByManagedBy(null, out _));
    }

    private static string Text(NamingConvention convention, int shard) =>
        string.Join('\n', convention.Labels(Key, shard).Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Key}={label.Value}")));
}
