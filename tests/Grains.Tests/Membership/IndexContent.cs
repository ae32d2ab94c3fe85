using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Tests.Membership;

/// <summary>All that an index says, as text: of the index itself, and made anew from pods by the rules of the contract.</summary>
internal static class IndexContent
{
    public static string Of(PodIndex index)
    {
        Assert.Equal(index.Sets.Sum(set => set.NetCount), index.NetCount);
        Assert.Equal(index.Sets.Count(set => set.PodCount > 0), index.SetCount);
        Assert.Equal(index.Sets.Sum(set => set.PodCount), index.Members);
        return Text(
            index.Sets.Where(set => set.PodCount > 0 || set.NetCount > 0).Select(set => ($"{set.Key.Namespace}/{set.Key.Name}", set.PodCount, set.Nets)),
            index.Skipped,
            index.Outside,
            index.Invalid);
    }

    public static string Expected(IEnumerable<TestPod> pods, MembershipRules rules)
    {
        var judged = pods.Select(pod => (Pod: pod, Skip: Judge(pod, rules), Allowed: Allowed(pod, rules))).ToList();
        var silent = judged.Where(item => item.Skip is not (SkipReason.Finished or SkipReason.HostNetwork)).ToList();
        return Text(
            judged.Where(item => item.Skip == SkipReason.None)
                .GroupBy(item => $"{item.Pod.Namespace}/{item.Pod.SetName}")
                .Select(set => (set.Key, set.Count(), (IReadOnlyCollection<PodAddress>)set.SelectMany(item => item.Allowed).ToHashSet())),
            reason => judged.Count(item => item.Skip == reason),
            silent.Sum(item => item.Pod.Addresses.Length - item.Allowed.Count),
            silent.Sum(item => item.Pod.Refused.Length));
    }

    private static string Text(
        IEnumerable<(string Set, int Pods, IReadOnlyCollection<PodAddress> Nets)> sets, Func<SkipReason, int> skipped, int outside, int invalid) =>
        string.Join('\n', sets
            .OrderBy(set => set.Set, StringComparer.Ordinal)
            .Select(set => $"{set.Set}: {set.Pods} pods [{string.Join(' ', set.Nets.Order())}]")
            .Concat(Enum.GetValues<SkipReason>().Select(reason => $"{reason}: {skipped(reason)}"))
            .Append($"outside: {outside}, invalid: {invalid}"));

    private static SkipReason Judge(TestPod pod, MembershipRules rules)
    {
        if (pod.Traits.HasFlag(PodTraits.Finished))
            return SkipReason.Finished;
        if (pod.Traits.HasFlag(PodTraits.HostNetwork) && !rules.IncludeHostNetwork)
            return SkipReason.HostNetwork;
        if (pod.SetName.Length == 0)
            return SkipReason.NoSetName;
        // The names that the tests use; which names can be is tested where it is decided.
        if (pod.SetName is "Web" or "web.shard-1" or "a/b")
            return SkipReason.InvalidSetName;
        return Allowed(pod, rules).Count == 0 ? SkipReason.NoAddress : SkipReason.None;
    }

    private static List<PodAddress> Allowed(TestPod pod, MembershipRules rules) =>
        [.. pod.Addresses.Select(TestPod.Address).Where(address => rules.AllowedCidrs.Count == 0 || rules.AllowedCidrs.Any(cidr => cidr.Contains(address)))];
}
