using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Tests.Addresses;

public sealed class PodAddressTests
{
    [Fact]
    public void Parse_IPv4AsTheKubeletWritesIt_AcceptsAllButTheRefusedRanges() =>
        AddressGens.IPv4.Sample(address =>
        {
            var fault = PodAddress.Parse(address.ToString(), out var parsed);
            Assert.Equal(AddressGens.IsRefused(address) ? AddressFault.NotUnicast : AddressFault.None, fault);
            Assert.True(parsed.IsIPv4);
            Assert.Equal(address, parsed.ToIPAddress());
            Assert.Equal($"{address}/32", parsed.ToNet());
        });

    [Fact]
    public void Parse_IPv6InAnyCaseAndLength_GivesOneForm() =>
        AddressGens.IPv6.Sample(address =>
        {
            var full = string.Join(':', address.GetAddressBytes().Chunk(2).Select(group => $"{group[0]:X2}{group[1]:X2}"));
            foreach (var text in new[] { address.ToString(), full, full.ToLowerInvariant() })
            {
                var fault = PodAddress.Parse(text, out var parsed);
                Assert.Equal(AddressGens.IsRefused(address) ? AddressFault.NotUnicast : AddressFault.None, fault);
                Assert.Equal(PodAddress.From(address), parsed);
                Assert.Equal(PodAddress.From(address).GetHashCode(), parsed.GetHashCode());
            }
        });

    [Fact]
    public void ToString_OfAnAddress_IsReadBackByOursAndTheFrameworksParser() =>
        AddressGens.Any.Sample(address =>
        {
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            var pod = PodAddress.From(address);
            Assert.Equal(plain, IPAddress.Parse(pod.ToString()));
            PodAddress.Parse(pod.ToString(), out var parsed);
            Assert.Equal(pod, parsed);
            Assert.InRange(pod.ToNet().Length, 1, PodAddress.MaxNetLength);
            Assert.EndsWith(plain.AddressFamily == AddressFamily.InterNetwork ? "/32" : "/128", pod.ToNet(), StringComparison.Ordinal);
        });

    [Fact]
    public void ToString_OfIPv6_IsShortestByRfc5952() =>
        AddressGens.IPv6.Where(address => !address.IsIPv4MappedToIPv6).Sample(address =>
        {
            var groups = address.GetAddressBytes().Chunk(2).Select(group => (group[0] << 8) | group[1]).ToArray();
            Assert.Equal(NaiveIPv6Text(groups), PodAddress.From(address).ToString());
        });

    [Fact]
    public void FormatNet_OfAnAddress_WritesWhatToNetTells() =>
        AddressGens.Any.Select(PodAddress.From).Sample(address =>
        {
            Span<byte> utf8 = stackalloc byte[PodAddress.MaxNetLength];
            Assert.Equal(address.ToNet(), Encoding.ASCII.GetString(utf8[..address.FormatNet(utf8)]));
        });

    [Theory]
    [InlineData("2001:db8::1", "2001:DB8:0:0:0:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1")]
    [InlineData("2001:0:0:1::1", "2001:0:0:1:0:0:0:1")]
    [InlineData("2001:db8::1:0:0:1", "2001:db8:0:0:1::1")]
    [InlineData("fd00::5efe:a00:1", "fd00::5efe:10.0.0.1")]
    [InlineData("::ffff:0:a00:1", "::ffff:0:10.0.0.1")]
    [InlineData("::a00:1", "::10.0.0.1")]
    [InlineData("fd00::", "fd00:0::0")]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("10.0.0.1", "::FFFF:A00:1")]
    public void Parse_AnotherFormOfAnAddress_BecomesTheCanonicalOne(string canonical, string text)
    {
        Assert.Equal(AddressFault.None, PodAddress.Parse(text, out var parsed));
        Assert.Equal(canonical, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.1/32")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.1.")]
    [InlineData("010.0.0.10")]
    [InlineData("10.0.0.01")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("1")]
    [InlineData("167772161")]
    [InlineData("10.1")]
    [InlineData("::ffff:010.0.0.10")]
    [InlineData("::ffff:10.0.0.010")]
    [InlineData("::ffff:10.0.0.01")]
    [InlineData("::ffff:10.0.1")]
    [InlineData("::ffff:10.0.0.256")]
    [InlineData("::1%eth0")]
    [InlineData("fd00::1%1")]
    [InlineData("[::1]")]
    [InlineData("[fd00::1]:80")]
    [InlineData("10.0.0.1:80")]
    [InlineData("fd00::1/128")]
    [InlineData("fd00:::1")]
    [InlineData("fd00::1::2")]
    [InlineData("fd00:0:0:0:0:0:0:0:1")]
    [InlineData("fd00::00001")]
    [InlineData("fd00::g")]
    [InlineData("fd00")]
    [InlineData(":")]
    [InlineData("１０.0.0.1")]
    [InlineData("10.0.0.1\0")]
    [InlineData("10.0.0.1\n")]
    [InlineData("-10.0.0.1")]
    public void Parse_TextThatIsNoAddress_IsRefused(string text) =>
        Assert.Equal(AddressFault.NotAnAddress, PodAddress.Parse(text, out _));

    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255", null, "1.0.0.0")]
    [InlineData("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0")]
    [InlineData("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0")]
    [InlineData("224.0.0.0", "255.255.255.255", "223.255.255.255", null)]
    [InlineData("::", "::1", null, "::2")]
    [InlineData("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::")]
    [InlineData("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null)]
    public void Parse_AtTheBordersOfARefusedRange_RefusesExactlyTheRange(string first, string last, string? before, string? after)
    {
        Assert.Equal(AddressFault.NotUnicast, PodAddress.Parse(first, out _));
        Assert.Equal(AddressFault.NotUnicast, PodAddress.Parse(last, out _));
        Assert.All(new[] { before, after }.OfType<string>(), text => Assert.Equal(AddressFault.None, PodAddress.Parse(text, out _)));
    }

    [Theory]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("::ffff:7f00:1")]
    public void Parse_RefusedIPv4InIPv6Form_IsRefused(string text) =>
        Assert.Equal(AddressFault.NotUnicast, PodAddress.Parse(text, out _));

    [Fact]
    public void Parse_TextOfAddressCharacters_AcceptsOnlyWhatMeansTheSameToTheFramework() =>
        Gen.String[Gen.Char["0123456789aF:.. %/x"], 0, 20].Sample(text =>
        {
            if (PodAddress.Parse(text, out var parsed) != AddressFault.None)
                return;
            var framework = IPAddress.Parse(text);
            Assert.Equal(PodAddress.From(framework), parsed);
            Assert.True(text.Contains(':', StringComparison.Ordinal) || parsed.ToString() == text, text);
        });

    [Fact]
    public void CompareTo_TwoAddresses_PutsIPv4FirstThenGoesByValue() =>
        Gen.Select(AddressGens.Any, AddressGens.Any).Sample((left, right) =>
        {
            var (a, b) = (PodAddress.From(left), PodAddress.From(right));
            var expected = a.IsIPv4 == b.IsIPv4
                ? AddressGens.Value(a.ToIPAddress()).CompareTo(AddressGens.Value(b.ToIPAddress()))
                : a.IsIPv4 ? -1 : 1;
            Assert.Equal(Math.Sign(expected), Math.Sign(a.CompareTo(b)));
            Assert.Equal((expected < 0, expected <= 0, expected > 0, expected >= 0), (a < b, a <= b, a > b, a >= b));
            Assert.Equal(expected == 0, a == b);
        });

    [Fact]
    public void GetHashCode_AddressesChosenToCollideByTheirHalves_AreSpread()
    {
        // A 64-bit number's own hash is the exclusive or of its halves: the same for all of these.
        var hashes = Enumerable.Range(0, 10_000)
            .Select(i => PodAddress.From(AddressGens.FromIPv6Bits(0xFD00_0000_0000_0000, ((ulong)i << 32) | (uint)i)).GetHashCode())
            .ToHashSet();
        Assert.InRange(hashes.Count, 9_900, 10_000);
    }

    private static string NaiveIPv6Text(int[] groups)
    {
        // All ways to shorten one run of two or more zero groups; the shortest text, the leftmost of equals.
        var candidates = new List<string> { string.Join(':', groups.Select(group => $"{group:x}")) };
        var longest = 0;
        for (var start = 0; start < groups.Length; start++)
        {
            var length = groups.Skip(start).TakeWhile(group => group == 0).Count();
            if (length < 2 || length <= longest)
                continue;
            longest = length;
            candidates.Add(string.Join(':', groups.Take(start).Select(group => $"{group:x}")) + "::"
                + string.Join(':', groups.Skip(start + length).Select(group => $"{group:x}")));
        }

        return candidates[^1];
    }
}
