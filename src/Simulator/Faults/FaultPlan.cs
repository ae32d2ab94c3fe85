namespace KubePolicySemaphore.Simulator;

/// <summary>All that goes wrong with one request.</summary>
internal sealed class FaultPlan(Fault[] faults)
{
    public TimeSpan Delay => faults.Aggregate(TimeSpan.Zero, (sum, fault) => sum + fault.Delay);

    public FaultAnswer? Answer => faults.FirstOrDefault(fault => fault.Answer is not null)?.Answer;

    public bool DropsAnswer => faults.Any(fault => fault.DropAnswer);

    /// <summary>The fault that cuts the body, if any.</summary>
    public Fault? Cut => faults.FirstOrDefault(fault => fault.CutAfterBytes is not null);

    /// <summary>The fault that sends the body piece by piece, if any.</summary>
    public Fault? Pieces => faults.FirstOrDefault(fault => fault.ChunkBytes is not null);
}
