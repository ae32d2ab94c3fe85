namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>The cost of one operation.</summary>
internal sealed record HotResult(double Nanoseconds, double AllocatedBytes)
{
    public double PerSecond => 1e9 / Nanoseconds;
}
