using System.Text;
using CsCheck;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Tests.Addresses;

public sealed class NetTextTests
{
    private static readonly Gen<PodAddress> Accepted =
        AddressGens.Any.Where(address => !AddressGens.IsRefused(address)).Select(PodAddress.From);

    [Fact]
    public void Format_AnyAddresses_AreInOrdinalOrder() =>
        Accepted.HashSet[0, 30].Sample(addresses =>
        {
            var nets = NetText.Format(addresses);
            Assert.Equal(addresses.Select(address => address.ToNet()).OrderBy(net => net, StringComparer.Ordinal), nets);
        });

    [Fact]
    public void TryParseAll_OfFormattedNets_ReadsThemExactly() =>
        Accepted.HashSet[0, 30].Sample(addresses =>
        {
            Assert.True(NetText.TryParseAll(NetText.Format(addresses), out var read));
            Assert.Equal(addresses.Count, read.Length);
            Assert.True(addresses.SetEquals(read));
        });

    [Fact]
    public void TryParseAll_InAnotherOrder_IsNotExactButReadsAll() =>
        Accepted.HashSet[2, 10].Sample(addresses =>
        {
            var reversed = NetText.Format(addresses).Reverse().ToArray();
            Assert.False(NetText.TryParseAll(reversed, out var read));
            Assert.True(addresses.SetEquals(read));
        });

    [Fact]
    public void TryParseAll_WithADuplicate_IsNotExact() =>
        Assert.False(NetText.TryParseAll(["10.0.0.1/32", "10.0.0.1/32"], out _));

    [Fact]
    public void TryParseAll_WithOneUnreadableNet_IsNotExactAndReadsTheOthers()
    {
        Assert.False(NetText.TryParseAll(["10.0.0.0/8", "10.0.0.1/32"], out var read));
        Assert.Equal(AddressGens.Pod("10.0.0.1"), Assert.Single(read));
    }

    [Theory]
    [InlineData("10.0.0.1/32", true)]
    [InlineData("fd00::1/128", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.0.0.1/24", false)]
    [InlineData("10.0.0.1/032", false)]
    [InlineData("10.0.0.1/128", false)]
    [InlineData("10.0.0.1/32/32", false)]
    [InlineData("fd00::1/32", false)]
    [InlineData("10.0.0.01/32", false)]
    [InlineData("10.0.0.256/32", false)]
    [InlineData("10.0.0/32", false)]
    [InlineData("10.0.0.1.1/32", false)]
    [InlineData("FD00::1/128", false)]
    [InlineData("fd00:0::1/128", false)]
    [InlineData("::ffff:10.0.0.1/128", false)]
    [InlineData("::ffff:10.0.0.1/32", false)]
    [InlineData("127.0.0.1/32", false)]
    [InlineData("/32", false)]
    [InlineData("", false)]
    public void TryParse_OneNet_TakesOnlyTheTextThatWouldBeWritten(string net, bool accepted)
    {
        Assert.Equal(accepted, NetText.TryParse(net, out _));
        Assert.Equal(accepted, NetText.TryParse(Encoding.UTF8.GetBytes(net), out _));
    }

    [Fact]
    public void TryParse_TextOfNetCharacters_ReadsUtf8AsItReadsText() =>
        Gen.OneOf(
            Gen.String[Gen.Char["0123./"], 0, 18],
            Gen.Int[0, 300].Array[4].Select(parts => string.Join('.', parts) + "/32"),
            Accepted.Select(address => address.ToNet())).Sample(net =>
        {
            var accepted = NetText.TryParse(net, out var fromText);
            Assert.Equal(accepted, NetText.TryParse(Encoding.UTF8.GetBytes(net), out var fromUtf8));
            if (accepted)
                Assert.Equal(fromText, fromUtf8);
        });

    [Fact]
    public void TryParse_AcceptedText_IsTheAddressesNet() =>
        Accepted.Sample(address =>
        {
            Assert.True(NetText.TryParse(address.ToNet(), out var read));
            Assert.Equal(address, read);
        });
}
