namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Measured values, in any order.</summary>
internal static class Samples
{
    /// <summary>The value below which that share (0 to 1) of the samples lies: nearest rank; NaN without samples.</summary>
    public static double Percentile(this IEnumerable<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>The middle value, or the mean of the two in the middle; NaN without samples.</summary>
    public static double Median(this IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
