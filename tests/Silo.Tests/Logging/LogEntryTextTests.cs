using KubePolicySemaphore.Silo.Logging;

namespace KubePolicySemaphore.Silo.Tests.Logging;

public sealed class LogEntryTextTests
{
    [Fact]
    public void Render_ForeignText_IsEscapedAndCut()
    {
        KeyValuePair<string, object?>[] state =
        [
            new("Pod", "a\nb\u001b[31m\u202e"), new("Long", new string('x', 300)), new("Took", TimeSpan.FromMilliseconds(1500.4)),
            new("{OriginalFormat}", "{Pod} and {Long} took {Took}"),
        ];

        Assert.Equal($"a\\u000ab\\u001b[31m\\u202e and {new string('x', 253)} took 1s500ms", LogEntryText.Render(state, () => "unused"));
    }

    [Fact]
    public void Render_TextWithoutTemplate_IsEscaped() => Assert.Equal("a\\u000ab", LogEntryText.Render("a\nb", () => "a\nb"));
}
