using System.Text;
using CsCheck;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Pods;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

public sealed class PodWatchDecoderTests
{
    private const string Uid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    private static readonly SetNameSource Source = SetNameSource.Annotation("uw.systems/networkset-name");

    private static readonly string Typical =
        Event("ADDED", Pod("a", "10.0.0.1", version: 5, more: ",\"labels\":{\"uw.systems/networkset-name\":\"not-me\",\"x\":\"y\"}"))
        + Event("MODIFIED", Pod("b", "fd00:0::2", version: 6, spec: "{\"hostNetwork\":true,\"containers\":[{\"env\":[{\"name\":\"é\\\"}\"}]}]}"))
        + "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":\"7\",\"creationTimestamp\":null}}}\n"
        + "this is no event\n"
        + Event("DELETED", Pod("a", "10.0.0.1", version: 8, more: ",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\""));

    [Fact]
    public void Decode_TypicalEvents_KeepsWhatCounts()
    {
        var decoded = Decode(Encoding.UTF8.GetBytes(Typical), int.MaxValue);

        Assert.Equal(
            [
                $"Upsert ns/a set=web ips=10.0.0.1 refused= None rv=5 uid={Uid}",
                $"Upsert ns/b set=web ips=fd00::2 refused= HostNetwork rv=6 uid={Uid}",
                $"Delete ns/a set=web ips=10.0.0.1 refused= Terminating rv=8 uid={Uid}",
            ],
            decoded.Pods);
        Assert.Equal("8", decoded.Version);
        Assert.Equal(["a line of the watch is no event"], decoded.Refused);
    }

    [Fact]
    public void Decode_InOneByteChunks_IsTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes(Typical);

        Assert.Equivalent(Decode(bytes, int.MaxValue), Decode(bytes, 1), strict: true);
    }

    [Fact]
    public void Decode_HoweverCut_IsTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes(Typical);
        var expected = Decode(bytes, int.MaxValue);

        Gen.Int[1, 60].Array[1, 40].Sample(sizes =>
        {
            var next = 0;
            var decoded = Decode(bytes, () => sizes[next++ % sizes.Length]);
            Assert.Equal(expected.Pods, decoded.Pods);
            Assert.Equal(expected.Refused, decoded.Refused);
            Assert.Equal(expected.Version, decoded.Version);
        });
    }

    [Theory]
    [InlineData("""{"phase":"Running","podIPs":[],"podIP":"10.0.0.1"}""", "ips=10.0.0.1 refused= None")]
    [InlineData("""{"podIP":"10.0.0.1"}""", "ips=10.0.0.1 refused= None")]
    [InlineData("""{"podIPs":null,"podIP":""}""", "ips= refused= None")]
    [InlineData("""{"podIP":"10.0.0.9","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}""", "ips=10.0.0.1,fd00::1,10.0.0.9 refused= None")]
    [InlineData("""{"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"10.0.0.1"}]}""", "ips=10.0.0.1 refused= None")]
    [InlineData("""{"podIPs":[{"ip":""},{"ip":" 10.0.0.1"},{"ip":"10.0.0.1/8"},{"ip":"10.0.0.2"}]}""", "ips=10.0.0.2 refused=| 10.0.0.1|10.0.0.1/8 None")]
    [InlineData("""{"podIPs":[{"ip":"10.0.0.256"},{"ip":"::1%eth0"},{"ip":"[::1]"},{"ip":"127.0.0.1"}]}""", "ips= refused=10.0.0.256|::1%eth0|[::1]|127.0.0.1 None")]
    [InlineData("""{"podIPs":[{"ip":"::ffff:10.0.0.1"},{"ip":"FD00:0:0:0:0:0:0:1"}]}""", "ips=10.0.0.1,fd00::1 refused= None")]
    [InlineData("""{"podIPs":[{"ip":"10.0.0.1"}],"podIPs":[{"ip":"10.0.0.2"}]}""", "ips=10.0.0.2 refused= None")]
    [InlineData("""{"phase":"Succeeded"}""", "ips= refused= Finished")]
    [InlineData("""{"phase":"Failed"}""", "ips= refused= Finished")]
    [InlineData("""{"phase":"Failed","phase":"Running"}""", "ips= refused= None")]
    public void Decode_Status_FollowsTheRule(string status, string expected)
    {
        var decoded = Decode(Encoding.UTF8.GetBytes(Event("ADDED", Pod("a", status: status))), int.MaxValue);

        Assert.Equal([$"Upsert ns/a set=web {expected} rv=1 uid={Uid}"], decoded.Pods);
    }

    [Fact]
    public void Decode_MoreThanSixteenAddresses_RefusesTheRest()
    {
        var list = string.Join(',', Enumerable.Range(1, 40).Select(i => $$"""{"ip":"10.0.1.{{i}}"}"""));
        var batch = new PodBatch();
        new PodWatchDecoder(Source).Decode(Encoding.UTF8.GetBytes(Event("ADDED", Pod("a", status: $$"""{"podIPs":[{{list}}]}"""))), batch, []);

        Assert.Equal(16, batch[0].Addresses.Length);
        Assert.Equal("10.0.1.17", batch[0].Refused(0));
    }

    public static TheoryData<string> BadLines() =>
    [
        Event("ADDED", Pod("bad").Replace("\"web\"", "\"\\ud800\"", StringComparison.Ordinal)),
        Event("ADDED", Pod("b\\u0000d")),
        Event("ADDED", Pod("bad").Replace("\"hostNetwork\":false", "\"hostNetwork\":\"no\"", StringComparison.Ordinal)),
        Event("ADDED", Pod("bad").Replace("\"hostNetwork\":false", "\"hostNetwork\":false,\"x\":1e999,\"y\":01", StringComparison.Ordinal)),
        Event("ADDED", Pod("bad", more: ",\"deep\":" + new string('[', 10_000) + new string(']', 10_000))),
        Event("ADDED", Pod("bad", status: "[]")),
        Event("ADDED", Pod("bad", status: "{\"podIPs\":[\"10.0.0.1\"]}")),
        Event("FORGED", Pod("bad")),
        Event("ADDED", "null"),
        Event("ADDED", Pod("bad"))[..80] + "\n",
        "\uFEFF" + Event("ADDED", Pod("bad")),
        "<html>\n",
        "[1,2]\n",
        "\"text\"\n",
    ];

    [Theory]
    [MemberData(nameof(BadLines))]
    public void Decode_ALineThatIsNoEvent_IsLeftOutAndToldAndTheNextOneCounts(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + Event("ADDED", Pod("good", version: 9)));
        foreach (var chunk in new[] { int.MaxValue, 1, 7 })
        {
            var decoded = Decode(bytes, chunk);

            Assert.Equal([$"Upsert ns/good set=web ips= refused= None rv=9 uid={Uid}"], decoded.Pods);
            Assert.Single(decoded.Refused);
            Assert.Equal("9", decoded.Version);
        }
    }

    [Fact]
    public void Decode_TextThatIsNotUtf8InTheSetName_IsRefusedWithThePodsName()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Event("ADDED", Pod("bad")))];
        bytes[bytes.AsSpan().IndexOf("web"u8)] = 0xFF;

        var decoded = Decode(bytes, int.MaxValue);

        Assert.Empty(decoded.Pods);
        Assert.Contains("ns/bad", Assert.Single(decoded.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_TextThatIsNotUtf8ElsewhereOrEscapedNames_DoesNotMatter()
    {
        var line = Event("ADDED", Pod("a", more: ",\"note\":\"\\ud800\"")).Replace("\"annotations\"", "\"\\u0061nnotations\"", StringComparison.Ordinal);

        Assert.Equal([$"Upsert ns/a set=web ips= refused= None rv=1 uid={Uid}"], Decode(Encoding.UTF8.GetBytes(line), 3).Pods);
    }

    [Fact]
    public void Decode_ObjectBeforeType_IsTheSame()
    {
        var line = $"{{\"object\":{Pod("a")},\"type\":\"DELETED\"}}\n";

        Assert.Equal([$"Delete ns/a set=web ips= refused= None rv=1 uid={Uid}"], Decode(Encoding.UTF8.GetBytes(line), 5).Pods);
    }

    [Fact]
    public void Decode_ErrorEvent_EndsWithItsCode()
    {
        var decoder = new PodWatchDecoder(Source);
        var batch = new PodBatch();
        var bytes = Encoding.UTF8.GetBytes(
            Event("ADDED", Pod("a"))
            + """{"type":"ERROR","object":{"kind":"Status","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410}}""" + "\n"
            + Event("ADDED", Pod("b")));

        decoder.Decode(bytes, batch, []);

        Assert.Equal((410, "too old"), decoder.Error);
        Assert.Single(DecodedPods.Show(batch));
    }

    [Fact]
    public void Decode_LabelAsSource_TakesTheLabel()
    {
        var batch = new PodBatch();
        new PodWatchDecoder(SetNameSource.Label("name")).Decode(
            Encoding.UTF8.GetBytes(Event("ADDED", Pod("a", more: ",\"labels\":{\"name\":\"by-label\"}"))), batch, []);

        Assert.Equal("by-label", batch[0].SetName);
    }

    [Fact]
    public void Decode_EndlessLine_IsRefused()
    {
        var decoder = new PodWatchDecoder(Source);
        var open = Encoding.UTF8.GetBytes("{\"type\":\"ADDED\",\"object\":{\"junk\":[");
        var more = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1,", 32 * 1024)));
        decoder.Decode(open, new PodBatch(), []);

        Assert.Throws<InvalidDataException>(() =>
        {
            for (var i = 0; i < 1_000; i++)
                decoder.Decode(more, new PodBatch(), []);
        });
    }

    [Fact]
    public void Decode_KnownPod_AllocatesNothing()
    {
        // Without an address: the framework's parser makes an object of each.
        var bytes = Encoding.UTF8.GetBytes(Event("MODIFIED", Pod("a", version: 5)));
        var decoder = new PodWatchDecoder(Source);
        var batch = new PodBatch();
        List<string> refused = [];
        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                batch.Clear();
                decoder.Decode(bytes, batch, refused);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The least of several: the runtime allocates too while it compiles.
        var least = Enumerable.Range(0, 10).Min(_ => Measure());

        Assert.InRange(least, 0, 1_000);
    }

    private static string Event(string type, string pod) => $"{{\"type\":\"{type}\",\"object\":{pod}}}\n";

    private static string Pod(string name, string? ip = null, int version = 1, string? more = null, string spec = "{\"hostNetwork\":false}", string? status = null)
    {
        status ??= ip is null ? "{}" : $$"""{"phase":"Running","podIP":"{{ip}}","podIPs":[{"ip":"{{ip}}"}]}""";
        return $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"ns","uid":"{{{Uid}}}","resourceVersion":"{{{version}}}","annotations":{"other":"x","uw.systems/networkset-name":"web"},"managedFields":[{"fieldsV1":{"f:metadata":{} } }]{{{more}}} },"spec":{{{spec}}},"status":{{{status}}} }""";
    }

    private static Result Decode(byte[] bytes, int chunk) => Decode(bytes, () => chunk);

    private static Result Decode(byte[] bytes, Func<int> chunk)
    {
        var decoder = new PodWatchDecoder(Source);
        var batch = new PodBatch();
        var refused = new List<string>();
        var pods = new List<string>();
        int start = 0, end = 0;
        while (end < bytes.Length)
        {
            end = (int)Math.Min((long)end + chunk(), bytes.Length);
            start += decoder.Decode(bytes.AsSpan(start..end), batch, refused);
            // The batch is emptied after each read, also when an event is half-way.
            pods.AddRange(DecodedPods.Show(batch));
            batch.Clear();
        }

        return new([.. pods], [.. refused], decoder.ResourceVersion);
    }

    private sealed record Result(string[] Pods, string[] Refused, string? Version);
}
