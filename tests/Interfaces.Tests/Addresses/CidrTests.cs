using System.Net;
using System.Numerics;
using CsCheck;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Tests.Addresses;

public sealed class CidrTests
{
    private static readonly Gen<(IPAddress Address, int Length)> Ranges = Gen.OneOf(
        Gen.Select(AddressGens.IPv4, Gen.Int[0, 32]),
        Gen.Select(AddressGens.IPv6.Where(address => !address.IsIPv4MappedToIPv6), Gen.Int[0, 128]));

    [Fact]
    public void Contains_AnyAddress_AgreesWithWholeNumbers() =>
        Gen.Select(Ranges, AddressGens.Any, Gen.ULong).Sample((range, other, noise) =>
        {
            var text = RangeText(range.Address, range.Length, out var low, out var size);
            Assert.True(Cidr.TryParse(text, out var cidr), text);
            // Rarely would a random address fall into the range: some are made to, at its borders and within.
            var within = low + (new BigInteger(noise) % size);
            foreach (var value in new[] { AddressGens.Value(other), within, low - 1, low, low + size - 1, low + size })
            {
                if (ToAddress(value, range.Address) is not { } address || address.IsIPv4MappedToIPv6)
                    continue;
                var contained = address.AddressFamily == range.Address.AddressFamily && value >= low && value < low + size;
                Assert.True(contained == cidr.Contains(PodAddress.From(address)), $"{address} in {text}: expected {contained}");
            }

            // An IPv4-mapped address is IPv4 here.
            if (other.AddressFamily != range.Address.AddressFamily && !other.IsIPv4MappedToIPv6)
                Assert.False(cidr.Contains(PodAddress.From(other)));
        });

    [Fact]
    public void ToString_OfAParsedRange_IsParsedToTheSame() =>
        Ranges.Sample(range =>
        {
            Assert.True(Cidr.TryParse(RangeText(range.Address, range.Length, out _, out _), out var cidr));
            Assert.True(Cidr.TryParse(cidr.ToString(), out var again));
            Assert.Equal(cidr, again);
        });

    [Theory]
    [InlineData("10.4.0.0/16", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::/0", true)]
    [InlineData("fd00:10:4::/48", true)]
    [InlineData("FD00:10:4::/48", true)]
    [InlineData("10.4.0.0", false)]
    [InlineData("10.4.0.0/33", false)]
    [InlineData("10.4.0.1/16", false)]
    [InlineData("10.4.0.0/016", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("10.4/16", false)]
    [InlineData("fd00::/129", false)]
    [InlineData("fd00::1/48", false)]
    [InlineData("fd00::%1/48", false)]
    [InlineData("::ffff:10.4.0.0/112", false)]
    [InlineData(" 10.4.0.0/16", false)]
    [InlineData("", false)]
    public void TryParse_Text_TakesOnlyWhatFormatsBack(string text, bool accepted) =>
        Assert.Equal(accepted, Cidr.TryParse(text, out _));

    [Fact]
    public void Contains_MappedIPv4_IsJudgedAsIPv4()
    {
        Assert.True(Cidr.TryParse("10.4.0.0/16", out var v4));
        Assert.True(Cidr.TryParse("::/0", out var allV6));
        PodAddress.Parse("::ffff:10.4.1.1", out var mapped);
        Assert.True(v4.Contains(mapped));
        Assert.False(allV6.Contains(mapped));
    }

    private static string RangeText(IPAddress address, int length, out BigInteger low, out BigInteger size)
    {
        size = BigInteger.One << ((address.GetAddressBytes().Length * 8) - length);
        low = AddressGens.Value(address) / size * size;
        return $"{PodAddress.From(ToAddress(low, address)!)}/{length}";
    }

    private static IPAddress? ToAddress(BigInteger value, IPAddress family)
    {
        var bytes = new byte[family.GetAddressBytes().Length];
        if (value < 0 || value.GetByteCount(isUnsigned: true) > bytes.Length)
            return null;
        value.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(bytes.AsSpan(bytes.Length - value.GetByteCount(isUnsigned: true)));
        return new(bytes);
    }
}
