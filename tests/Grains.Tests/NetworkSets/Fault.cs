using KubePolicySemaphore.Grains.NetworkSets;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

/// <summary>What goes wrong with one write of a <see cref="FakeStore"/>.</summary>
internal sealed record Fault
{
    /// <summary>How it ends instead; null: as it would.</summary>
    public StoreOutcome? Outcome { get; init; }

    /// <summary>True when it is done and only its answer is lost.</summary>
    public bool DoneAllTheSame { get; init; }

    /// <summary>True when somebody else writes the object just before.</summary>
    public bool TouchBefore { get; init; }

    /// <summary>Changes the answer.</summary>
    public Func<StoreResult, StoreResult>? Answer { get; init; }
}
