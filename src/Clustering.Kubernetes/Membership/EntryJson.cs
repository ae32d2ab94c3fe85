using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>One silo's entry as it stands in the object.</summary>
internal static class EntryJson
{
    public const string IAmAlive = "iAmAlive";

    public static JsonObject Write(MembershipEntry entry)
    {
        var json = new JsonObject
        {
            ["status"] = entry.Status.ToString(),
            ["proxyPort"] = entry.ProxyPort,
            ["started"] = Time(entry.StartTime),
            [IAmAlive] = Time(entry.IAmAliveTime),
            ["suspects"] = new JsonArray([.. (entry.SuspectTimes ?? []).Select(vote =>
                new JsonObject { ["silo"] = SiloKey.Of(vote.Item1), ["at"] = Time(vote.Item2) })]),
        };
        // Some API servers take an empty text for null, and refuse it.
        if (!string.IsNullOrEmpty(entry.SiloName))
            json["silo"] = entry.SiloName;
        if (!string.IsNullOrEmpty(entry.HostName))
            json["host"] = entry.HostName;
        if (!string.IsNullOrEmpty(entry.RoleName))
            json["role"] = entry.RoleName;
        if (entry.UpdateZone != 0)
            json["updateZone"] = entry.UpdateZone;
        if (entry.FaultZone != 0)
            json["faultZone"] = entry.FaultZone;
        return json;
    }

    /// <summary>Null, and what is wrong, where somebody has meddled with the entry.</summary>
    public static MembershipEntry? Read(string key, JsonElement json, out string? fault)
    {
        fault = null;
        if (SiloKey.Parse(key) is not { } silo)
            fault = "its key is no silo address";
        else if (json.ValueKind != JsonValueKind.Object)
            fault = "it is no object";
        else if (!Enum.TryParse<SiloStatus>(Text(json, "status"), out var status) || !Enum.IsDefined(status) || status == SiloStatus.None)
            fault = "its status is none that is known";
        else if (Time(json, "started") is not { } started || Time(json, IAmAlive) is not { } alive)
            fault = "started or iAmAlive is no time";
        else if (Votes(json) is not { } votes)
            fault = "suspects cannot be read";
        else
            return new MembershipEntry
            {
                SiloAddress = silo,
                Status = status,
                SiloName = Text(json, "silo"),
                HostName = Text(json, "host"),
                RoleName = Text(json, "role"),
                ProxyPort = Number(json, "proxyPort"),
                UpdateZone = Number(json, "updateZone"),
                FaultZone = Number(json, "faultZone"),
                StartTime = started,
                IAmAliveTime = alive,
                SuspectTimes = votes,
            };
        return null;
    }

    /// <summary>All seven digits of a tick: a heartbeat reads back as it was written.</summary>
    public static string Time(DateTime time)
    {
        var utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
        return utc.ToString("O", CultureInfo.InvariantCulture);
    }

    private static DateTime? Time(JsonElement json, string name) =>
        DateTimeOffset.TryParse(Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static List<Tuple<SiloAddress, DateTime>>? Votes(JsonElement json)
    {
        var votes = new List<Tuple<SiloAddress, DateTime>>();
        if (!json.TryGetProperty("suspects", out var suspects))
            return votes;
        if (suspects.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var suspect in suspects.EnumerateArray())
        {
            if (suspect.ValueKind != JsonValueKind.Object || SiloKey.Parse(Text(suspect, "silo")) is not { } silo || Time(suspect, "at") is not { } at)
                return null;
            votes.Add(Tuple.Create(silo, at));
        }
        return votes;
    }
}
