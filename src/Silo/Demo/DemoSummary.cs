using System.Globalization;
using KubePolicySemaphore.Simulator;
using Spectre.Console;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>Compares Calico with the pods when the demo ends.</summary>
internal sealed class DemoSummary(IReadOnlyList<DemoCluster> clusters, SimulatedNetworkSets calico, ChangeLog log, TimeProvider time)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <summary>Waits until the last changes have arrived, then tells; false when Calico is not what the pods say.</summary>
    public async Task<bool> WriteAsync(IAnsiConsole console)
    {
        using var deadline = new CancellationTokenSource(Settle, time);
        await calico.WaitUntilAsync(_ => Differences().Count == 0, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var differences = Differences();
        foreach (var difference in differences)
            console.WriteLine(difference);
        var took = log.SortedMilliseconds;
        console.WriteLine();
        console.WriteLine($"{clusters.Sum(cluster => cluster.Members.Count)} pods of {clusters.Count} remote clusters in {calico.Count} GlobalNetworkSets; {took.Length} changes arrived.");
        if (took.Length > 0)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From a pod's change to Calico: p50 {Percentile(took, 0.5):F1} ms, p99 {Percentile(took, 0.99):F1} ms, slowest {took[^1]:F1} ms."));
        console.WriteLine(differences.Count == 0
            ? "Calico holds exactly what the pods say."
            : $"Calico differs from the pods in {differences.Count} objects.");
        return differences.Count == 0;
    }

    private List<string> Differences()
    {
        var expected = clusters.SelectMany(cluster => cluster.Expected()).ToDictionary();
        var actual = calico.All.ToDictionary(set => set.Name, set => set.Nets.ToArray());
        return [.. expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Expected: expected.GetValueOrDefault(name) ?? [], Actual: actual.GetValueOrDefault(name) ?? []))
            .Where(set => !set.Expected.SequenceEqual(set.Actual))
            .Select(set => $"{set.Name}: expected [{string.Join(' ', set.Expected)}], Calico has [{string.Join(' ', set.Actual)}]")];
    }

    private static double Percentile(double[] sorted, double rank) => sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(rank * sorted.Length) - 1)];
}
