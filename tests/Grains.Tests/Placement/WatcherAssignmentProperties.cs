using CsCheck;
using KubePolicySemaphore.Grains.Placement;

namespace KubePolicySemaphore.Grains.Tests.Placement;

public sealed class WatcherAssignmentProperties
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char['a', 'z'], 1, 6];
    private static readonly Gen<(string[] Clusters, string[] Silos, int Seed)> Grid = Gen.Select(
        Name.ArrayUnique[0, 60], Name.ArrayUnique[1, 8], Gen.Int);

    [Fact]
    public void Assign_GivesNoSiloMoreThanOneClusterMoreThanAnother() => Grid.Sample((clusters, silos, _) =>
    {
        var assigned = WatcherAssignment.Assign(clusters, silos);
        var loads = silos.Select(silo => assigned.Values.Count(value => value == silo)).ToList();
        return assigned.Count == clusters.Length && loads.Max() - loads.Min() <= 1;
    });

    [Fact]
    public void Assign_DoesNotDependOnTheOrderOfNames() => Grid.Sample((clusters, silos, seed) =>
    {
        var shuffled = WatcherAssignment.Assign(Shuffled(clusters, seed), Shuffled(silos, seed));
        return WatcherAssignment.Assign(clusters, silos).All(pair => shuffled[pair.Key] == pair.Value);
    });

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void Assign_WhenASiloJoins_MovesFewClusters(int silos)
    {
        var clusters = Enumerable.Range(0, 200).Select(i => $"cluster-{i}").ToList();
        var before = WatcherAssignment.Assign(clusters, Silos(silos));
        var after = WatcherAssignment.Assign(clusters, Silos(silos + 1));

        // The new silo's share has to move; the bound pushes some others along.
        var share = clusters.Count / (silos + 1);
        Assert.InRange(clusters.Count(cluster => before[cluster] != after[cluster]), share, 3 * share);
    }

    private static List<string> Silos(int count) => [.. Enumerable.Range(0, count).Select(i => $"10.0.0.{i}:11111")];

    private static string[] Shuffled(string[] names, int seed)
    {
        var copy = names.ToArray();
        new Random(seed).Shuffle(copy);
        return copy;
    }
}
