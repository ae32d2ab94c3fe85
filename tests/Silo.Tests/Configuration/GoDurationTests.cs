using CsCheck;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Tests.Configuration;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("1h30m", 54_000_000_000)]
    [InlineData("500ms", 5_000_000)]
    [InlineData("1.5h", 54_000_000_000)]
    [InlineData("0", 0)]
    [InlineData("-1m", -600_000_000)]
    [InlineData("+1us", 10)]
    [InlineData("1µs", 10)]
    [InlineData("1μs", 10)]
    [InlineData("250ns", 2)]
    [InlineData(".5s", 5_000_000)]
    [InlineData("1.s", 10_000_000)]
    [InlineData("1m1h", 36_600_000_000)]
    public void TryParse_GoText_IsThatLong(string text, long ticks)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromTicks(ticks), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("h")]
    [InlineData(".s")]
    [InlineData("1d")]
    [InlineData("1 h")]
    [InlineData("--1h")]
    [InlineData("1h-30m")]
    [InlineData("1.2.3h")]
    [InlineData("2562048h")]
    [InlineData("9223372036854775807h")]
    [InlineData("99999999999999999999999999999999999999h")]
    public void TryParse_NoGoText_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Fact]
    public void Format_AnyDuration_ParsesBack() =>
        Gen.Long[-90_000_000_000_000_000, 90_000_000_000_000_000].Select(TimeSpan.FromTicks).Sample(duration =>
            GoDuration.TryParse(GoDuration.Format(duration), out var parsed) && parsed == duration);
}
