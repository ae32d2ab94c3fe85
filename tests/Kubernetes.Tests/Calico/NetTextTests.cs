using System.Text;
using CsCheck;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>Nets as UTF-8 are the same as nets as text.</summary>
public sealed class NetTextTests
{
    private static readonly Gen<PodAddress> IPv4 = Gen.Byte.Array[4].Select(bytes => PodAddress.From(new(bytes)));
    private static readonly Gen<PodAddress> IPv6 = Gen.OneOf(
        Gen.Byte.Array[16],
        Gen.Int[0, 2].Select(i => (byte)(i == 2 ? 255 : i)).Array[16]).Select(bytes => PodAddress.From(new(bytes)));

    private static readonly string[] Inserted = ["", "0", "1", ".", "/", ":", "é", "/32", "A"];

    private static readonly Gen<string> NearlyNets =
        from net in Gen.OneOf(IPv4, IPv6).Select(address => address.ToNet())
        from at in Gen.Int[0, net.Length]
        from cut in Gen.Int[0, Math.Min(2, net.Length - at)]
        from put in Gen.Int[0, Inserted.Length - 1].Select(i => Inserted[i])
        select net[..at] + put + net[(at + cut)..];

    [Fact]
    public void Format_OfAnyAddress_IsItsText() => Gen.OneOf(IPv4, IPv6).Sample(address =>
    {
        Span<byte> utf8 = stackalloc byte[PodAddress.MaxNetLength];
        return Encoding.UTF8.GetString(utf8[..address.FormatNet(utf8)]) == address.ToNet();
    });

    [Fact]
    public void Format_WithoutRoom_Throws() => IPv4.Sample(address =>
    {
        var room = address.ToNet().Length - 1;
        for (var length = 0; length <= room; length++)
            Assert.Throws<ArgumentException>(() => address.FormatNet(new byte[length]));
    }, iter: 20);

    [Fact]
    public void Parse_OfWhatIsNearlyANet_AgreesWithTheText() => NearlyNets.Sample(net =>
    {
        var expected = NetText.TryParse(net.AsSpan(), out var address);
        return NetText.TryParse(Encoding.UTF8.GetBytes(net), out var fromUtf8) == expected && (!expected || fromUtf8 == address);
    }, iter: 20_000);
}
