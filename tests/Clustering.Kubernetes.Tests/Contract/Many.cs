using System.Globalization;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Clustering.Kubernetes.Membership;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

/// <summary>A merge patch with many entries of silos that died long ago.</summary>
internal static class Many
{
    public static JsonObject Dead(int count)
    {
        var members = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            var entry = TestEntry.Create(SiloStatus.Dead);
            entry.StartTime -= TimeSpan.FromDays(10);
            entry.IAmAliveTime = entry.StartTime;
            entry.SuspectTimes = [];
            members[string.Create(CultureInfo.InvariantCulture, $"10.0.0.1:11111@{i}")] = EntryJson.Write(entry);
        }
        return new JsonObject { ["status"] = new JsonObject { ["members"] = members } };
    }
}
