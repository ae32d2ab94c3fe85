using Orleans;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>Orleans changes the entries that it is given.</summary>
internal static class EntryCopy
{
    public static MembershipEntry Of(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = [.. entry.SuspectTimes ?? []],
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
    };
}
