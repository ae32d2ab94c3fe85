using CsCheck;
using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Grains.Tests.Telemetry;

public sealed class RemoteTextTests
{
    [Theory]
    [InlineData("shop/web-1", "shop/web-1")]
    [InlineData("", "")]
    [InlineData("Grüße 東京", "Grüße 東京")]
    [InlineData("a\nb\r\tc", "a\\u000ab\\u000d\\u0009c")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("\u0000", "\\u0000")]
    [InlineData("\u0085\u009b", "\\u0085\\u009b")]
    [InlineData("\u202egnp", "\\u202egnp")]
    [InlineData("\u200b\ufeff", "\\u200b\\ufeff")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("\U0001F600", "\\ud83d\\ude00")]
    public void Escape_Text_ShowsWhatCannotBePrinted(string text, string escaped) =>
        Assert.Equal(escaped, RemoteText.Escape(text));

    [Fact]
    public void Escape_LoneSurrogate_IsEscaped() => Assert.Equal("\\ud800x", RemoteText.Escape("\ud800x"));

    [Fact]
    public void Escape_AnyText_IsPrintableAndOfAtMost253Characters() =>
        Gen.String[Gen.Char, 0, 600].Sample(text =>
        {
            var escaped = RemoteText.Escape(text);
            Assert.InRange(escaped.Length, 0, 253);
            Assert.DoesNotContain(escaped, c => char.IsControl(c) || char.IsSurrogate(c));
            Assert.Equal(escaped, RemoteText.Escape(escaped));
        });

    [Fact]
    public void Escape_LongText_IsCutAt253AndNeverWithinAnEscape()
    {
        Assert.Equal(new string('a', 253), RemoteText.Escape(new string('a', 254)));
        Assert.Equal(new string('a', 250), RemoteText.Escape(new string('a', 250) + "\n\n"));
    }
}
