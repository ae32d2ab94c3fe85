using KubePolicySemaphore.Bench.Measuring;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>What one load measured.</summary>
/// <param name="Milliseconds">From the answer to a pod's change until it was seen in Calico, per change.</param>
/// <param name="Cpu">API servers, etcd, and whoever wrote.</param>
internal sealed record PropagationRun(double[] Milliseconds, CpuUse Cpu)
{
    /// <summary>How long each write of the floor took; empty for the operator, whose writes are not seen from here.</summary>
    public double[] WriteMilliseconds { get; init; } = [];
}
