using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Processor seconds, and the seconds of the wall clock they were used in.</summary>
internal sealed record CpuUse
{
    // From here on nobody who waits for a processor gets it at once.
    private const double Saturated = 0.9;

    /// <summary>The headings of <see cref="Cells"/>.</summary>
    public static readonly string[] Headings = ["API servers", "etcd", "writer", "bench", "others", "machine busy", "limit", "core seconds"];

    public required double Wall { get; init; }

    public required double ApiServers { get; init; }

    public required double Etcd { get; init; }

    /// <summary>Operator or floor.</summary>
    public required double Writer { get; init; }

    /// <summary>This process where it is not the writer: pods' writers and observer.</summary>
    public required double Bench { get; init; }

    /// <summary>All of the machine, whoever used it.</summary>
    public required double Machine { get; init; }

    private double Busy => Machine / (Wall * Environment.ProcessorCount);

    private double Others => Math.Max(0, Machine - ApiServers - Etcd - Writer - Bench);

    /// <summary>Cores kept busy by each, the share of the machine, what held the work up, and what it cost without the others.</summary>
    public string[] Cells =>
    [
        Cores(ApiServers), Cores(Etcd), Cores(Writer), Cores(Bench), Cores(Others),
        $"{Report.Number(Math.Min(Busy, 1) * 100, 0)} %", Busy >= Saturated ? "processor" : "round trips",
        Report.Number(ApiServers + Etcd + Writer + Bench),
    ];

    public static CpuUse operator -(CpuUse left, CpuUse right) => new()
    {
        Wall = left.Wall - right.Wall,
        ApiServers = left.ApiServers - right.ApiServers,
        Etcd = left.Etcd - right.Etcd,
        Writer = left.Writer - right.Writer,
        Bench = left.Bench - right.Bench,
        Machine = left.Machine - right.Machine,
    };

    private string Cores(double seconds) => Report.Number(seconds / Wall, 2);
}
