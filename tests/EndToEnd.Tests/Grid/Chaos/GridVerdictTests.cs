namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>That the judge of the scenarios sees what is wrong.</summary>
public sealed class GridVerdictTests
{
    private readonly Truth _truth = new();
    private readonly List<SetWrite> _writes = [];

    [Fact]
    public void Overdue_WithinTheBound_IsNothing()
    {
        Add("web", "a", 0, leaving: 10);
        Write(1, "web", "a", "b");
        Add("web", "b", 0);
        Write(14, "web", "b");

        Assert.Empty(Verdict.Overdue(Seconds(5)));
        Assert.Single(Verdict.Overdue(Seconds(3)));
        Assert.Equal(Seconds(4), Verdict.LongestOverstay());
    }

    [Fact]
    public void Overdue_InAFaultWindow_CountsFromItsEnd()
    {
        Add("web", "a", 0, leaving: 10);
        Write(1, "web", "a");
        Write(34, "web");

        Assert.Empty(Verdict.Overdue(Seconds(5), [new FaultWindow(Seconds(8), Seconds(30))]));
        Assert.Single(Verdict.Overdue(Seconds(3), [new FaultWindow(Seconds(8), Seconds(30))]));
        // Over before the address left.
        Assert.Single(Verdict.Overdue(Seconds(5), [new FaultWindow(Seconds(2), Seconds(9))]));
    }

    [Fact]
    public void Overdue_OfAnAddressThatComesBackOrNeverWas_IsTold()
    {
        Add("web", "a", 0, leaving: 10);
        Write(1, "web", "a");
        Write(11, "web");
        Write(40, "web", "a");
        Write(41, "web", "stranger");

        Assert.Equal(2, Verdict.Overdue(Seconds(5)).Count());
        Assert.Single(Verdict.Flipping(allowed: 0));
        Assert.Empty(Verdict.Flipping(allowed: 1));
    }

    [Fact]
    public void Overdue_WhatLandsLate_MayStayForAMoment()
    {
        Add("web", "a", 0, leaving: 10);
        Write(40, "web", "a");
        Write(42, "web");

        Assert.Empty(Verdict.Overdue(Seconds(5), landing: Seconds(40)));
        // Not by that landing, or for too long.
        Assert.Single(Verdict.Overdue(Seconds(5), landing: Seconds(41)));
        Assert.Single(Verdict.Overdue(Seconds(5), landing: Seconds(38)));
    }

    [Fact]
    public void Missing_OfAnAddressThatLives_IsTold()
    {
        Add("web", "a", 0, leaving: 10);
        Add("web", "b", 0);
        Write(1, "web", "a", "b");
        Write(9, "web", "b");
        Assert.Single(Verdict.Missing());

        Write(12, "web");
        Assert.Equal(2, Verdict.Missing().Count());
    }

    [Fact]
    public void Torn_WhenTheOldSetLosesTheAddressFirst_IsTold()
    {
        var old = Add("web", "a", 0, leaving: 10);
        old.Next = Add("api", "a", 10);
        Write(1, "web", "a");
        Write(11, "web");
        Write(12, "api", "a");

        Assert.Single(Verdict.Torn());
    }

    [Fact]
    public void Torn_WhenTheNewSetHasTheAddressFirstOrCannotHaveIt_IsNothing()
    {
        var old = Add("web", "a", 0, leaving: 10);
        old.Next = Add("api", "a", 10);
        Write(1, "web", "a");
        Write(11, "api", "a");
        Write(12, "web");
        var other = Add("web", "b", 0, leaving: 10);
        other.Next = Add("api", "b", 10);
        Write(13, "web", "b");
        Write(16, "web");

        Assert.Empty(Verdict.Torn());
    }

    [Fact]
    public void Emptied_OfAGuardedSetOnly_IsTold()
    {
        _truth.Guard("web");
        Write(1, "web", "a");
        Write(2, "web");
        Write(3, "api");

        Assert.Single(Verdict.Emptied());
    }

    [Fact]
    public void Needless_WriteOfTheSameNets_IsTold()
    {
        Write(1, "web", "a");
        Write(2, "web", "a", "b");
        Assert.Empty(Verdict.Needless());

        Write(3, "web", "b", "a");
        Assert.Single(Verdict.Needless());
    }

    private GridVerdict Verdict => new(_truth, _writes);

    private Stay Add(string set, string net, int asked, int? leaving = null)
    {
        var stay = _truth.Add(new(new(set, net), Seconds(asked)));
        if (leaving is { } left)
            stay.Leaving = stay.Left = Seconds(left);
        return stay;
    }

    private void Write(int at, string set, params string[] nets) => _writes.Add(new(Seconds(at), set, nets.ToHashSet(StringComparer.Ordinal), Deleted: nets.Length == 0));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
