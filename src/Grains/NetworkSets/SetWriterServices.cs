using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>What the writers of all sets of a silo share.</summary>
internal sealed record SetWriterServices(
    INetworkSetStore Store, WriteGate Gate, SiloPulse Pulse, GridMetrics Metrics, TimeProvider Time, ILogger<SetWriter> Logger);
