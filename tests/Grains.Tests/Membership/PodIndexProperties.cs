using CsCheck;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Tests.Membership;

public sealed class PodIndexProperties
{
    private static readonly MembershipRules Open = new() { Cluster = "blue" };

    private static readonly Gen<MembershipRules> AnyRules = Gen.Select(
        Gen.Bool,
        Gen.OneOf("", "10.0.0.0/16", "10.0.0.0/30", "fd00::/8"),
        (host, cidr) => Open with { IncludeHostNetwork = host, AllowedCidrs = Cidr.TryParse(cidr, out var range) ? [range] : [] });

    private static readonly Gen<string[]> Addresses =
        Gen.OneOf("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.1.0.1", "fd00::1", "fd00::2").HashSet[0, 3].Select(set => set.Order().ToArray());

    private static readonly Gen<TestPod> AnyPod = Gen.Select(
        Gen.OneOf("p0", "p1", "p2", "p3", "p4"),
        Gen.OneOf("shop", "pay"),
        Gen.OneOf("web", "web", "db", "api", "", "Web", "web.shard-1", "a/b"),
        Addresses,
        Gen.OneOf(PodTraits.None, PodTraits.None, PodTraits.None, PodTraits.Terminating, PodTraits.HostNetwork, PodTraits.Finished),
        Gen.Int[0, 2],
        Gen.Int[0, 2],
        (name, ns, set, addresses, traits, uid, refused) => new TestPod(name)
        {
            Namespace = ns,
            SetName = set,
            Addresses = addresses,
            Traits = traits,
            Uid = uid == 0 ? Guid.Empty : new Guid(uid, 0, 0, new byte[8]),
            Refused = [.. Enumerable.Repeat("x", refused)],
        });

    private static readonly Gen<TestPod> Member = Gen.Select(
        Gen.Int[0, 9],
        Gen.OneOf("web", "db", "api", "job"),
        Gen.Int[1, 12].HashSet[1, 2],
        (pod, set, hosts) => new TestPod($"p{pod}") { SetName = set, Addresses = [.. hosts.Order().Select(host => $"10.0.0.{host}")] });

    /// <summary>One step: events of a watch, or, when <see cref="IsList"/>, a complete list, under new rules when there are some.</summary>
    private sealed record Step(bool IsList, MembershipRules? Rules, IReadOnlyList<(PodChange Change, TestPod Pod)> Rows, bool ReleaseAfter);

    private static readonly Gen<Step> Watch = Gen.Select(
        Gen.Select(Gen.Frequency((3, PodChange.Upsert), (1, PodChange.Delete)), AnyPod).List[1, 3], Gen.Bool,
        (rows, release) => new Step(false, null, rows, release));

    private static readonly Gen<Step> List = Gen.Select(
        AnyPod.List[0, 8], AnyRules, Gen.Bool, Gen.Bool,
        (pods, rules, change, release) => new Step(
            true, change ? rules : null, [.. pods.DistinctBy(pod => (pod.Namespace, pod.Name)).Select(pod => (PodChange.Upsert, pod))], release));

    private static readonly Gen<List<Step>> Steps = Gen.Frequency((5, Watch), (1, List)).List[1, 25];

    [Fact]
    public void Content_AfterAnySteps_IsWhatTheRulesMakeOfThePods() =>
        Gen.Select(Steps, Gen.Int[0, 20].Array[80]).Sample((steps, ages) =>
        {
            var index = new PodIndex(Open);
            var oracle = new Dictionary<(string, string), TestPod>();
            var rows = 0;
            foreach (var step in steps)
            {
                // Most events are newer than all before; some are late, some carry no readable version.
                var numbered = step.Rows.Select(row => (row.Change, Pod: row.Pod with { ResourceVersion = Version(++rows, ages[rows % ages.Length]) })).ToList();
                if (step.IsList)
                {
                    index.Rules = step.Rules ?? index.Rules;
                    index.ReleaseOverdue(long.MaxValue);
                    RelistAsPlanned(index, numbered.ConvertAll(row => row.Pod));
                    oracle = numbered.ToDictionary(row => (row.Pod.Namespace, row.Pod.Name), row => row.Pod);
                }
                else
                {
                    index.Apply(TestPod.Batch(numbered), now: 0);
                    numbered.ForEach(row => Apply(oracle, row.Change, row.Pod));
                }

                if (!step.ReleaseAfter)
                    continue;
                index.ReleaseOverdue(long.MaxValue);
                Assert.Equal(IndexContent.Expected(oracle.Values, index.Rules), IndexContent.Of(index));
                Assert.Equal(oracle.Count, index.KnownPods);
            }

            index.ReleaseOverdue(long.MaxValue);
            Assert.Equal(IndexContent.Expected(oracle.Values, index.Rules), IndexContent.Of(index));
            Assert.False(index.HasLingering);
            Assert.Equal(0, index.OverQuota);
            index.Clear();
            Assert.Equal(IndexContent.Expected([], index.Rules), IndexContent.Of(index));
        });

    [Fact]
    public void Changes_TakenAtAnyTime_AddUpToTheSets() =>
        Gen.Select(Steps, Gen.Bool.Array[25]).Sample((steps, takes) =>
        {
            var index = new PodIndex(Open);
            var folded = new Dictionary<NetworkSetKey, HashSet<PodAddress>>();
            for (var i = 0; i < steps.Count; i++)
            {
                var batch = TestPod.Batch(steps[i].Rows);
                if (steps[i].IsList)
                    index.Relist([batch], now: i);
                else
                    index.Apply(batch, now: i);
                if (steps[i].ReleaseAfter)
                    index.ReleaseOverdue(long.MaxValue);
                if (takes[i] || i == steps.Count - 1)
                    Fold(index, folded);
            }
        });

    [Fact]
    public void Content_WhateverTheOrderOfEventsOfDifferentPods_IsTheSame() =>
        Gen.Select(Gen.Select(Gen.Frequency((3, PodChange.Upsert), (1, PodChange.Delete)), AnyPod).List[1, 20], AnyRules).Sample((rows, rules) =>
        {
            var grouped = rows.OrderBy(row => (row.Item2.Namespace, row.Item2.Name)).ToList();
            var oracle = new Dictionary<(string, string), TestPod>();
            rows.ForEach(row => Apply(oracle, row.Item1, row.Item2));

            var atOnce = new PodIndex(rules);
            atOnce.Apply(TestPod.Batch(rows), now: 0);
            var oneByOne = new PodIndex(rules);
            grouped.ForEach(row => oneByOne.Apply(TestPod.Batch([row]), now: 0));
            var listed = new PodIndex(rules);
            listed.Apply(TestPod.Batch(rows.Take(rows.Count / 2)), now: 0);
            listed.Relist([.. oracle.Values.Chunk(3).Select(page => TestPod.Batch(page))], now: 0);

            var contents = new[] { atOnce, oneByOne, listed }.Select(index =>
            {
                index.ReleaseOverdue(long.MaxValue);
                return IndexContent.Of(index);
            }).ToArray();
            Assert.Equal(contents[0], contents[1]);
            Assert.Equal(contents[0], contents[2]);
        });

    [Fact]
    public void Quotas_AfterAnySteps_BoundWhatIsHeldAndLetInWhatFits() =>
        Gen.Select(
            Gen.Select(Gen.Frequency((4, PodChange.Upsert), (2, PodChange.Delete)), Member).List[1, 3].List[1, 20],
            Gen.Int[1, 3], Gen.Int[1, 8], Gen.Bool.Array[20]).Sample((steps, maxSets, maxNets, lists) =>
        {
            var rules = Open with { MaxSets = maxSets, MaxNets = maxNets };
            var index = new PodIndex(rules);
            for (var i = 0; i < steps.Count; i++)
            {
                var before = index.Pods.Where(pod => pod.Set is not null).ToDictionary(pod => pod.Name, pod => (pod.Set, AddressesOf(pod)));
                var touched = steps[i].Select(row => row.Item2.Name).ToHashSet();
                if (lists[i])
                {
                    // The same pods as before but for those of the step.
                    var kept = index.Pods.Where(pod => !touched.Contains(pod.Name)).Select(pod => new TestPod(pod.Name) { SetName = SetNameOf(index, pod), Addresses = AddressesOf(pod) });
                    index.Relist([TestPod.Batch(kept.Concat(steps[i].DistinctBy(row => row.Item2.Name).Select(row => row.Item2)).ToList())], now: i);
                }
                else
                {
                    index.Apply(TestPod.Batch(steps[i]), now: i);
                }

                AssertWithinQuota(index);
                index.ReleaseOverdue(long.MaxValue);
                AssertWithinQuota(index);
                AssertSetsAreTheirPods(index);
                foreach (var (name, was) in before.Where(pod => !touched.Contains(pod.Key)))
                    Assert.Same(was.Set, index.Pods.Single(pod => pod.Name == name).Set);
                foreach (var waiting in index.Pods.Where(pod => pod.Set is null))
                    Assert.False(Fits(index, SetNameOf(index, waiting), waiting), $"{waiting.Name} would fit but waits");
            }
        });

    private static void Apply(Dictionary<(string, string), TestPod> oracle, PodChange change, TestPod pod)
    {
        var key = (pod.Namespace, pod.Name);
        var known = oracle.GetValueOrDefault(key);
        if (known is not null && pod.ResourceVersion != 0 && pod.ResourceVersion < known.ResourceVersion)
            return;
        if (change == PodChange.Upsert)
            oracle[key] = pod;
        else if (known is not null && (pod.Uid == Guid.Empty || known.Uid == Guid.Empty || pod.Uid == known.Uid))
            oracle.Remove(key);
    }

    private static ulong Version(int row, int age) => age switch
    {
        0 => 0,
        < 4 => (ulong)Math.Max(1, row - (age * 2)),
        _ => (ulong)row,
    };

    private static void RelistAsPlanned(PodIndex index, List<TestPod> pods)
    {
        var pages = pods.Chunk(3).Select(page => TestPod.Batch(page)).ToList();
        var before = Pairs(index);
        var content = IndexContent.Of(index);
        var plan = index.PlanRelist(pages);
        Assert.Equal(content, IndexContent.Of(index));
        index.Relist(pages, now: 0);
        index.ReleaseOverdue(long.MaxValue);
        var kept = Pairs(index);
        kept.IntersectWith(before);
        Assert.Equal((before.Count, kept.Count), (plan.Before, plan.Kept));
        Assert.Equal(before.Count - kept.Count, plan.Removed);
    }

    private static HashSet<(NetworkSetKey, PodAddress)> Pairs(PodIndex index) =>
        [.. index.Sets.SelectMany(set => set.Nets.Select(net => (set.Key, net)))];

    private static void Fold(PodIndex index, Dictionary<NetworkSetKey, HashSet<PodAddress>> folded)
    {
        var changed = new List<MemberSet>();
        index.TakeChanged(changed);
        Assert.Equal(changed.Count, changed.Distinct().Count());
        foreach (var set in changed)
        {
            var nets = folded.TryGetValue(set.Key, out var known) ? known : folded[set.Key] = [];
            var (added, removed) = set.TakeChanges();
            Assert.All(removed, address => Assert.True(nets.Remove(address), $"{address} was removed from {set.Key} without having been added"));
            Assert.All(added, address => Assert.True(nets.Add(address), $"{address} was added to {set.Key} twice"));
        }

        foreach (var set in index.Sets)
        {
            Assert.False(set.HasChanges, $"{set.Key} changed and was not listed as changed");
            Assert.True(set.Nets.ToHashSet().SetEquals(folded.GetValueOrDefault(set.Key) ?? []), set.Key.ToString());
        }
    }

    private static void AssertWithinQuota(PodIndex index)
    {
        Assert.InRange(index.NetCount, 0, index.Rules.MaxNets);
        Assert.InRange(index.SetCount, 0, index.Rules.MaxSets);
    }

    private static void AssertSetsAreTheirPods(PodIndex index)
    {
        foreach (var set in index.Sets)
        {
            var members = index.Pods.Where(pod => pod.Set == set).ToList();
            Assert.Equal(members.Count, set.PodCount);
            Assert.True(set.Nets.Select(net => net.ToString()).ToHashSet().SetEquals(members.SelectMany(AddressesOf)), set.Key.ToString());
        }

        Assert.Equal(index.Pods.Where(pod => pod.Set is null).Sum(pod => pod.AddressCount), index.OverQuota);
        Assert.Equal(index.Sets.Sum(set => set.NetCount), index.NetCount);
        Assert.Equal(index.Sets.Count(set => set.PodCount > 0), index.SetCount);
    }

    private static bool Fits(PodIndex index, string setName, PodEntry pod)
    {
        var set = index.Find(new("blue", pod.Namespace.Name, setName));
        var isNewSet = set is null || set.PodCount == 0;
        var added = AddressesOf(pod).Count(address => set?.Contains(TestPod.Address(address)) != true);
        return (!isNewSet || index.SetCount < index.Rules.MaxSets) && (added == 0 || index.NetCount + added <= index.Rules.MaxNets);
    }

    private static string SetNameOf(PodIndex index, PodEntry pod) => pod.Set?.Key.Name ?? index.WaitsFor(pod)!;

    private static string[] AddressesOf(PodEntry pod) => [.. Enumerable.Range(0, pod.AddressCount).Select(i => pod[i].ToString())];
}
