using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Grains.Tests.Membership;

public sealed class PodBatchTests
{
    private readonly PodBatch _batch = new();

    [Fact]
    public void Begin_AfterAHalfBuiltRow_DropsIt()
    {
        _batch.Begin();
        _batch.Keep(PodText.Name, "broken");
        _batch.Keep(PodText.RefusedAddress, "x");
        _batch.AddAddress(TestPod.Address("10.0.0.1"));
        _batch.SetResourceVersion(7);
        _batch.Begin();
        _batch.Keep(PodText.Name, "whole");
        _batch.Commit(PodChange.Upsert);

        Assert.Equal(1, _batch.Count);
        var pod = _batch[0];
        Assert.Equal("whole", pod.Name.ToString());
        Assert.Equal((0, 0, 0UL), (pod.Addresses.Length, pod.RefusedCount, pod.ResourceVersion));
    }

    [Fact]
    public void Keep_LessThanReserved_GivesTheRestBack()
    {
        _batch.Begin();
        "shopXXX".CopyTo(_batch.Reserve(7));
        _batch.Keep(PodText.Namespace, reserved: 7, used: 4);
        _batch.Keep(PodText.Name, "p");
        _batch.Commit(PodChange.Delete);
        Assert.Equal(("shop", "p"), (_batch[0].Namespace.ToString(), _batch[0].Name.ToString()));
        Assert.Equal(PodChange.Delete, _batch[0].Change);
    }

    [Fact]
    public void AddAddress_Twice_IsThereOnce()
    {
        _batch.Begin();
        _batch.AddAddress(TestPod.Address("10.0.0.1"));
        _batch.AddAddress(TestPod.Address("::ffff:10.0.0.1"));
        _batch.Commit(PodChange.Upsert);
        _batch.Begin();
        _batch.AddAddress(TestPod.Address("10.0.0.1"));
        _batch.Commit(PodChange.Upsert);
        Assert.Equal((1, 1), (_batch[0].Addresses.Length, _batch[1].Addresses.Length));
    }

    [Fact]
    public void AddAddress_MoreThanAPodCanHave_IsRefusedAndCounted()
    {
        _batch.Begin();
        for (var i = 0; i < 100; i++)
            _batch.AddAddress(TestPod.Address($"10.0.0.{i}"));
        _batch.Keep(PodText.Name, "p");
        _batch.Commit(PodChange.Upsert);
        Assert.Equal((PodBatch.MaxAddresses, 100 - PodBatch.MaxAddresses), (_batch[0].Addresses.Length, _batch[0].RefusedCount));
        Assert.Equal("p", _batch[0].Name.ToString());
    }

    [Fact]
    public void Clear_AfterUse_LeavesNothing()
    {
        _batch.Begin();
        _batch.Keep(PodText.Name, "p");
        _batch.Commit(PodChange.Upsert);
        _batch.Begin();
        _batch.Clear();
        _batch.Begin();
        _batch.Commit(PodChange.Upsert);
        Assert.Equal(1, _batch.Count);
        Assert.True(_batch[0].Name.IsEmpty);
    }
}
