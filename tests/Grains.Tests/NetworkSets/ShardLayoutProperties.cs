using System.Collections.Immutable;
using CsCheck;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class ShardLayoutProperties
{
    private static readonly Gen<PodAddress[]> Some = Gen.Int[0, 19].HashSet[0, 20].Select(numbers => WriterWorld.Addresses(numbers));

    private static readonly Gen<Dictionary<int, ImmutableArray<PodAddress>>> Standing =
        Gen.Dictionary(Gen.Int[0, 5], Some.Select(nets => nets.ToImmutableArray()))[0, 4];

    [Fact]
    public void Reset_OverAnyObjects_PlacesEachAddressOnceWithinTheLimit() =>
        Gen.Select(Some, Standing, Gen.Int[1, 7]).Sample((wanted, standing, max) =>
        {
            var layout = new ShardLayout(max);
            layout.Reset(wanted, standing);
            AssertPlaces(layout, wanted, max);
        });

    [Fact]
    public void Reset_OverAnyObjects_MovesAnAddressOnlyOutOfAFullObject() =>
        Gen.Select(Some, Standing, Gen.Int[1, 7]).Sample((wanted, standing, max) =>
        {
            var layout = new ShardLayout(max);
            layout.Reset(wanted, standing);
            foreach (var address in wanted)
            {
                var homes = standing.Where(pair => pair.Value.Contains(address)).Select(pair => pair.Key).Order().ToList();
                if (homes.Count > 0 && !layout.Nets(homes[0]).Contains(address))
                    Assert.Equal(max, layout.Nets(homes[0]).Length);
            }
        });

    [Fact]
    public void Apply_AnyChange_LeavesTheOthersWhereTheyAreAndFillsTheFirstWithRoom() =>
        Gen.Select(Some, Some, Gen.Int[1, 7]).Sample((before, after, max) =>
        {
            var layout = new ShardLayout(max);
            layout.Reset(before, []);
            layout.Touched.Clear();
            var homes = before.ToDictionary(address => address, address => HomeOf(layout, address));
            var added = after.Except(before).ToImmutableArray();
            var removed = before.Except(after).ToImmutableArray();
            layout.Apply([], removed);
            var loads = layout.Shards.ToDictionary(shard => shard, shard => layout.Nets(shard).Length);
            layout.Apply(added, []);

            AssertPlaces(layout, after, max);
            Assert.All(before.Intersect(after), address => Assert.Equal(homes[address], HomeOf(layout, address)));
            // What was added, one after another, each into the first with room, else into the lowest free number.
            foreach (var address in added.Order())
            {
                var expected = loads.Where(load => load.Value < max).Select(load => (int?)load.Key).Min()
                    ?? Enumerable.Range(0, 100).First(shard => !loads.ContainsKey(shard));
                Assert.Equal(expected, HomeOf(layout, address));
                loads[expected] = loads.GetValueOrDefault(expected) + 1;
            }

            var gained = added.Select(address => HomeOf(layout, address)).ToHashSet();
            var lost = removed.Select(address => homes[address]).ToHashSet();
            Assert.Equal(gained.Union(lost).Order(), layout.Touched.Keys.Order());
            Assert.All(layout.Touched, pair => Assert.Equal(gained.Contains(pair.Key), pair.Value));
        });

    [Fact]
    public void Reset_OverItsOwnResult_TouchesNothing() =>
        Gen.Select(Some, Standing, Gen.Int[1, 7]).Sample((wanted, standing, max) =>
        {
            var layout = new ShardLayout(max);
            layout.Reset(wanted, standing);
            var result = layout.Shards.ToDictionary(shard => shard, layout.Nets);
            layout.Reset(wanted, result);
            Assert.Empty(layout.Touched);
            Assert.All(result, pair => Assert.True(pair.Value.ToHashSet().SetEquals(layout.Nets(pair.Key))));
        });

    private static void AssertPlaces(ShardLayout layout, PodAddress[] wanted, int max)
    {
        var placed = layout.Shards.SelectMany(shard => layout.Nets(shard)).ToList();
        Assert.Equal(wanted.Order(), placed.Order());
        Assert.Equal(wanted.Length, layout.Count);
        Assert.All(layout.Shards, shard => Assert.InRange(layout.Nets(shard).Length, 1, max));
    }

    private static int HomeOf(ShardLayout layout, PodAddress address) => layout.Shards.Single(shard => layout.Nets(shard).Contains(address));
}
