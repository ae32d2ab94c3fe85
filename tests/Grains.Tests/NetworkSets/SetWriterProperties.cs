using CsCheck;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class SetWriterProperties
{
    private static readonly Gen<PodAddress[]> Wanted = Gen.Int[0, 11].HashSet[0, 12].Select(numbers => WriterWorld.Addresses(numbers));

    private static readonly Gen<Fault?> AnyFault = Gen.Frequency<Fault?>(
        (12, null),
        (1, new Fault { TouchBefore = true }),
        (1, new Fault { Outcome = StoreOutcome.Failed }),
        (1, new Fault { Outcome = StoreOutcome.Failed, DoneAllTheSame = true }),
        (1, new Fault { Outcome = StoreOutcome.Busy }));

    /// <summary>What somebody does to the objects by hand: all of it leaves them ours.</summary>
    private static readonly Gen<Func<NetworkSetObject, NetworkSetObject?>> Drift = Gen.OneOf<Func<NetworkSetObject, NetworkSetObject?>>(
        seen => seen,
        seen => seen,
        seen => null,
        // Without its mark a copy under another name is nobody's of ours.
        seen => seen.Name == "copy" ? seen : seen with { Owner = null },
        seen => seen with { ShardLabel = "7" },
        seen => seen with { NetsExact = false },
        seen => seen with { Nets = [] },
        seen => seen with { Nets = [.. seen.Nets, WriterWorld.Address(300)] },
        seen => seen.Owner is null ? seen : seen with { Name = "copy", Uid = "copied" },
        seen => seen with { OnRemoval = RemovalMarks.Retain });

    private sealed record Step(PodAddress[] Wanted, int Max, Fault?[] Faults, Func<NetworkSetObject, NetworkSetObject?>? Drift, bool Finalizer);

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Wanted, Gen.Frequency((5, 3), (1, 2), (1, 5)), AnyFault.Array[30], Gen.Frequency((2, Gen.Const((Func<NetworkSetObject, NetworkSetObject?>?)null)), (1, Drift!)), Gen.Bool,
        (wanted, max, faults, drift, finalizer) => new Step(wanted, max, faults, drift, finalizer));

    [Fact]
    public Task Writes_WhateverFails_NeverLoseAnAddressThatStays() =>
        AnyStep.List[1, 8].SampleAsync(async steps =>
        {
            var world = new WriterWorld();
            PodAddress[] before = [];
            foreach (var step in steps)
            {
                var isNews = step.Drift is not null || step.Max != world.Rules.MaxNetsPerObject;
                world.Rules = world.Rules with { MaxNetsPerObject = step.Max };
                Meddle(world.Store, step);
                var stays = before.Intersect(step.Wanted).Intersect(world.Store.Union).ToArray();
                var requests = 0;
                world.Store.Fault = (_, _) => step.Faults[requests++ % step.Faults.Length];
                world.Store.AfterWrite = () => Assert.Empty(stays.Except(world.Store.Union));
                var reply = isNews ? await world.ReconcileAsync(step.Wanted) : await world.FeedAsync(step.Wanted);
                if (reply.Outcome == FeedOutcome.InSync)
                    AssertHolds(world, step.Wanted);
                before = step.Wanted;
            }

            await AssertSettlesAsync(world, before);
        });

    [Fact]
    public Task Comparison_OfAnyObjects_SaysInSyncExactlyWhenTheWriterHasNothingToWrite() =>
        AnyStep.List[1, 4].SampleAsync(async steps =>
        {
            var world = new WriterWorld();
            foreach (var step in steps)
            {
                world.Rules = world.Rules with { MaxNetsPerObject = step.Max };
                Meddle(world.Store, step);
                var inSync = world.IsInSync(step.Wanted);
                world.Store.Requests.Clear();
                var reply = await world.ReconcileAsync(step.Wanted);
                Assert.Equal((FeedOutcome.InSync, inSync), (reply.Outcome, world.Store.Requests.Count == 0));
                Assert.True(world.IsInSync(step.Wanted));
            }
        });

    private static void Meddle(FakeStore store, Step step)
    {
        if (step.Drift is null || store.Objects.Count == 0)
            return;
        var seen = store.Objects.Values.First();
        if (step.Finalizer)
            store.WithFinalizer.Add(seen.Name);
        if (step.Drift(seen) is { } drifted)
            store.Stand(drifted);
        else
            store.Objects.Remove(seen.Name);
    }

    private static void AssertHolds(WriterWorld world, PodAddress[] wanted)
    {
        var nets = world.Store.Objects.Values.SelectMany(seen => seen.Nets).ToList();
        Assert.Equal(wanted.Order(), nets.Order());
        Assert.All(world.Store.Objects.Values, seen => Assert.InRange(seen.Nets.Length, 0, world.Rules.MaxNetsPerObject));
        Assert.All(world.Store.Objects.Values, seen => Assert.True(seen.Deleting || !seen.Nets.IsEmpty, $"{seen.Name} is left empty"));
    }

    private static async Task AssertSettlesAsync(WriterWorld world, PodAddress[] wanted)
    {
        world.Store.Fault = (_, _) => null;
        var reply = await world.ReconcileAsync(wanted);
        Assert.Equal((FeedOutcome.InSync, null), (reply.Outcome, reply.Error));
        AssertHolds(world, wanted);
        Assert.True(world.IsInSync(wanted));
        world.Store.Requests.Clear();
        Assert.Equal(0, (await world.ReconcileAsync(wanted)).Writes);
        Assert.Empty(world.Store.Requests);
    }
}
