using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Membership;

/// <summary>A pod that moved and is still held in the set it came from.</summary>
internal sealed class Lingering(MemberSet from, PodAddress[] addresses, MemberSet target, long since)
{
    public MemberSet From { get; } = from;

    public PodAddress[] Addresses { get; } = addresses;

    /// <summary>The set whose write ends it. A pod that moves on takes its lingering along.</summary>
    public MemberSet Target { get; set; } = target;

    public long Since { get; } = since;
}
