using System.Text;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Pods;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

public sealed class PodListDecoderTests
{
    private const string Item = """{"metadata":{"name":"a","namespace":"ns","resourceVersion":"3","annotations":{"uw.systems/networkset-name":"web"}},"status":{"podIP":"10.0.0.1"}}""";

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Decode_Page_GivesItemsVersionAndToken(int chunk)
    {
        var (decoder, batch) = Decode($$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"42","continue":"abc","remainingItemCount":7},"items":[{{Item}},{{Item}}]}""" + "\n", chunk);

        Assert.Equal("42", decoder.ResourceVersion);
        Assert.Equal("abc", decoder.Continue);
        Assert.Equal(2, batch.Count);
        Assert.Equal("web", batch[1].SetName);
    }

    [Fact]
    public void Decode_KindAndMetadataAtTheEnd_IsTheSame()
    {
        var (decoder, batch) = Decode($$"""{"items":[{{Item}}],"metadata":{"resourceVersion":"42"},"kind":"PodList"}""", 3);

        Assert.Equal("42", decoder.ResourceVersion);
        Assert.Null(decoder.Continue);
        Assert.Equal(1, batch.Count);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("<html></html>", "no JSON")]
    [InlineData("""{"kind":"Status","metadata":{},"status":"Failure","message":"x","code":500}""", "Status")]
    [InlineData("""{"kind":"Table","metadata":{"resourceVersion":"1"},"rows":[]}""", "Table")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":null}""", "no list of pods")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"}}""", "no items")]
    [InlineData("""{"kind":"PodList","metadata":{},"items":[]}""", "no resourceVersion")]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[]}""", "no kind")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[""", "cut off")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{}]}""", "no name")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":["x"]}""", "no list of pods")]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]} {}""", "broken")]
    [InlineData("[]", "no list of pods")]
    public void Decode_WhatIsNoListOfPods_Fails(string body, string expected)
    {
        foreach (var chunk in new[] { 1, int.MaxValue })
        {
            var failure = Assert.Throws<InvalidDataException>(() => Decode(body, chunk));
            Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_ItemThatCannotBeDecoded_IsKeptByItsNameAloneAndStopsNoOther()
    {
        var bad = """{"metadata":{"name":"bad","namespace":"ns"},"spec":{"hostNetwork":1}}""";
        var (decoder, batch) = Decode($$"""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{{bad}},{{Item}}]}""", 1);

        Assert.Equal([PodChange.Unreadable, PodChange.Upsert], [batch[0].Change, batch[1].Change]);
        Assert.Equal("ns/bad", $"{batch[0].Namespace}/{batch[0].Name}");
        Assert.Contains("ns/bad", Assert.Single(decoder.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ManyItemsInOnePage_IsNotTakenForOneLargeItem()
    {
        var large = Item.Replace("\"status\"", $"\"junk\":\"{new string('x', 100_000)}\",\"status\"", StringComparison.Ordinal);
        var body = $$"""{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', Enumerable.Repeat(large, 120))}}]}""";

        Assert.Equal(120, Decode(body, 64 * 1024).Batch.Count);
    }

    private static (PodListDecoder Decoder, PodBatch Batch) Decode(string body, int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var batch = new PodBatch();
        var decoder = new PodListDecoder(SetNameSource.Annotation("uw.systems/networkset-name"), batch);
        int start = 0, end = 0;
        while (end < bytes.Length)
        {
            end = (int)Math.Min((long)end + chunk, bytes.Length);
            start += decoder.Decode(bytes.AsSpan(start..end));
        }

        decoder.Finish();
        return (decoder, batch);
    }
}
