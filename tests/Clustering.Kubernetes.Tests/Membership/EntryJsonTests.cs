using System.Net;
using System.Text.Json;
using CsCheck;
using KubePolicySemaphore.Clustering.Kubernetes.Membership;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Membership;

public sealed class EntryJsonTests
{
    private static readonly Gen<SiloAddress> GenSilo =
        from bytes in Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16])
        from port in Gen.Int[0, 65_535]
        from generation in Gen.Int
        select SiloAddress.New(new IPAddress(bytes), port, generation);

    private static readonly Gen<DateTime> GenTime = Gen.DateTime.Select(time => DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static readonly Gen<MembershipEntry> GenEntry =
        from silo in GenSilo
        from status in Gen.Enum<SiloStatus>().Where(status => status != SiloStatus.None)
        from name in Gen.String
        from zone in Gen.Int[0, 3]
        from times in GenTime.Array[2]
        from votes in Gen.Select(GenSilo, GenTime).List[0, 3]
        select new MembershipEntry
        {
            SiloAddress = silo,
            Status = status,
            SiloName = name,
            HostName = "host",
            RoleName = "",
            ProxyPort = 30_000,
            FaultZone = zone,
            StartTime = times[0],
            IAmAliveTime = times[1],
            SuspectTimes = [.. votes.Select(vote => Tuple.Create(vote.Item1, vote.Item2))],
        };

    [Fact]
    public void Entry_WrittenAndRead_IsTheSame() => GenEntry.Sample(entry =>
    {
        var json = JsonSerializer.SerializeToElement(EntryJson.Write(entry));

        var read = EntryJson.Read(SiloKey.Of(entry.SiloAddress), json, out var fault);

        Assert.Null(fault);
        Assert.Equal(entry.ToFullString(), read!.ToFullString());
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(entry.FaultZone, read.FaultZone);
    });

    [Fact]
    public void Key_OfAnyText_NeverThrows() => Gen.String[Gen.Char["0123456789.:@-af%[]\u0000 "], 0, 30].Sample(text =>
    {
        if (SiloKey.Parse(text) is { } silo)
            Assert.Equal(text, SiloKey.Of(silo));
    });

    [Theory]
    [InlineData("127.0.0.1:1@1", """{"status":"Alive"}""", "status")]
    [InlineData("127.0.0.1:1@1", """{"status":"None"}""", "status")]
    [InlineData("127.0.0.1:1@1", """{"status":"17"}""", "status")]
    [InlineData("127.0.0.1:1@1", """{"status":"Active","started":"2026-01-02T03:04:05Z","iAmAlive":"soon"}""", "iAmAlive")]
    [InlineData("127.0.0.1:1@1", """{"status":"Active","started":"2026-01-02T03:04:05Z","iAmAlive":"2026-01-02T03:04:05Z","suspects":{}}""", "suspects")]
    [InlineData("127.0.0.1:1@1", """{"status":"Active","started":"2026-01-02T03:04:05Z","iAmAlive":"2026-01-02T03:04:05Z","suspects":[{"silo":"x","at":"2026-01-02T03:04:05Z"}]}""", "suspects")]
    [InlineData("127.0.0.1:1@1", "[]", "object")]
    [InlineData("127.0.0.1:1@1", "null", "object")]
    [InlineData("127.0.0.1:99999@1", "{}", "address")]
    [InlineData("010.0.0.1:1@1", "{}", "address")]
    [InlineData("", "{}", "address")]
    public void Entry_ThatSomebodyMeddledWith_IsRefusedWithAReason(string key, string json, string reason)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Null(EntryJson.Read(key, document.RootElement, out var fault));

        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }
}
