namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Suggestion
{
    // Two slips, or a third of a short word: more would suggest what nobody meant.
    private const int MaxDistance = 2;

    /// <summary><c>; did you mean "x"?</c>, or nothing when no candidate is near.</summary>
    public static string For(string word, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => new { Word = candidate, Distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant()) })
            .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Word.Length / 3))
            .MinBy(candidate => candidate.Distance);
        return nearest is null ? "" : $"; did you mean \"{nearest.Word}\"?";
    }

    /// <summary>Levenshtein's distance, a row at a time.</summary>
    private static int Distance(string left, string right)
    {
        // Remote or mistyped text may be long; a word that long is near to nothing.
        if (Math.Abs(left.Length - right.Length) > MaxDistance)
            return int.MaxValue;
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
