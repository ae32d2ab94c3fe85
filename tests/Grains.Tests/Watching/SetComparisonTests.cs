using KubePolicySemaphore.Grains.Tests.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.Tests.Watching;

public sealed class SetComparisonTests
{
    private readonly WriterWorld _world = new();

    [Fact]
    public void IsInSync_ObjectsHoldExactlyWhatIsWanted_IsTrue()
    {
        Stand(WriterWorld.Object(0, 1, 2, 3), WriterWorld.Object(2, 4));
        Assert.True(IsInSync(1, 2, 3, 4));
        Assert.False(IsInSync(1, 2, 3));
        Assert.False(IsInSync(1, 2, 3, 4, 5));
        Assert.False(IsInSync(1, 2, 3, 5));
    }

    [Fact]
    public void IsInSync_NothingWantedAndNothingThere_IsTrue() => Assert.True(IsInSync());

    [Fact]
    public void IsInSync_AnAddressInTwoObjects_IsFalse()
    {
        Stand(WriterWorld.Object(0, 1, 2), WriterWorld.Object(1, 2));
        Assert.False(IsInSync(1, 2));
    }

    [Fact]
    public void IsInSync_AnEmptyOrAnOverfullObject_IsFalse()
    {
        Stand(WriterWorld.Object(0, 1), WriterWorld.Object(1));
        Assert.False(IsInSync(1));
        Stand(WriterWorld.Object(0, 1, 2, 3, 4), WriterWorld.Object(1, 5));
        Assert.False(IsInSync(1, 2, 3, 4, 5));
    }

    [Fact]
    public void IsInSync_UnmarkedOrDriftedObject_IsFalse()
    {
        Stand(WriterWorld.Object(0, 1) with { Owner = null });
        Assert.False(IsInSync(1));
        Stand(WriterWorld.Object(0, 1) with { NetsExact = false });
        Assert.False(IsInSync(1));
        Stand(WriterWorld.Object(0, 1) with { OnRemoval = RemovalMarks.Retain });
        Assert.False(IsInSync(1));
    }

    [Fact]
    public void IsInSync_SomebodyElsesObjectUnderTheName_MattersOnlyWhenSomethingIsWanted()
    {
        Stand(WriterWorld.Object(0, 1) with { ManagedBy = "helm" });
        Assert.False(IsInSync(1));
        Assert.True(IsInSync());
    }

    [Fact]
    public void IsInSync_SomebodyElsesObjectUnderALaterName_IsFalse()
    {
        Stand(WriterWorld.Object(0, 1), WriterWorld.Object(1, 9) with { ManagedBy = "helm" });
        Assert.False(IsInSync(1));
    }

    [Fact]
    public void IsInSync_SomebodyElsesObjectWithOurLabelsUnderItsOwnName_IsInNobodysWay()
    {
        Stand(WriterWorld.Object(0, 1), WriterWorld.Object(0, 9) with { Name = "theirs", Owner = null });
        Assert.True(IsInSync(1));
    }

    [Fact]
    public void IsInSync_ACopyWithOurMark_IsFalse()
    {
        Stand(WriterWorld.Object(0, 1), WriterWorld.Object(0, 1) with { Name = "copy" });
        Assert.False(IsInSync(1));
    }

    [Fact]
    public void IsInSync_AnObjectThatWaitsForAFinalizer_IsFineOnceItIsEmpty()
    {
        Stand(WriterWorld.Object(0, 1) with { Deleting = true });
        Assert.False(IsInSync());
        Stand(WriterWorld.Object(0) with { Deleting = true, Owner = null });
        Assert.True(IsInSync());
        Assert.False(IsInSync(1));
    }

    private void Stand(params NetworkSetObject[] objects)
    {
        foreach (var seen in objects)
            _world.Store.Stand(seen);
    }

    private bool IsInSync(params int[] wanted) => _world.IsInSync(WriterWorld.Addresses(wanted));
}
