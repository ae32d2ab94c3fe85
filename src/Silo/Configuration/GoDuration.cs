using System.Buffers;
using System.Globalization;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Durations as Go writes them (https://pkg.go.dev/time#ParseDuration): <c>1h30m</c>, <c>500ms</c>, <c>1.5h</c>.</summary>
internal static class GoDuration
{
    // In nanoseconds, the unit Go counts in; the longest suffix first, so that "ms" is not read as "m".
    private static readonly (string Suffix, decimal Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    private const decimal NanosecondsPerTick = 100;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>False for text that is no duration, and for one beyond Go's range (about 292 years). Parts of a tick (100 ns) are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var negative = text is ['-', ..];
        var rest = text is ['-' or '+', ..] ? text[1..] : text;
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;

        decimal total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, out var number) || !TryTakeUnit(ref rest, out var unit))
                return false;
            // Bounded before the product, which could leave even a decimal's range.
            if (number > long.MaxValue / unit || (total += number * unit) > long.MaxValue)
                return false;
        }

        duration = TimeSpan.FromTicks((long)(total / NanosecondsPerTick) * (negative ? -1 : 1));
        return true;
    }

    /// <summary>The shortest text without zero parts: <c>1h</c>, <c>1h30m</c>, <c>2m500ms</c>; zero is <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        // In decimal, as the least TimeSpan has no positive counterpart.
        var rest = Math.Abs((decimal)duration.Ticks) * NanosecondsPerTick;
        var text = duration < TimeSpan.Zero ? "-" : "";
        foreach (var suffix in (ReadOnlySpan<string>)["h", "m", "s", "ms", "us", "ns"])
        {
            var unit = Array.Find(Units, candidate => candidate.Suffix == suffix).Nanoseconds;
            var count = decimal.Truncate(rest / unit);
            rest -= count * unit;
            if (count > 0)
                text += string.Create(CultureInfo.InvariantCulture, $"{count:0}{suffix}");
        }

        return text;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, out decimal number)
    {
        var end = text.IndexOfAnyExcept(NumberCharacters);
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        // Go allows "1." and ".5", but not ".".
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> text, out decimal nanoseconds)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Suffix))
            {
                text = text[unit.Suffix.Length..];
                nanoseconds = unit.Nanoseconds;
                return true;
            }
        }

        nanoseconds = 0;
        return false;
    }
}
