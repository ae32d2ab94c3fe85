using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Makes another .NET process collect its garbage, by the way profilers do it.</summary>
internal static class ForcedCollection
{
    // Starting a session with this keyword makes the runtime do one full, blocking collection.
    private const long GCHeapCollect = 0x800000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(int processId, CancellationToken cancellationToken)
    {
        var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GCHeapCollect);
        var client = new DiagnosticsClient(processId);
        using var session = await client.StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 1, token: cancellationToken);
        var events = session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
        // Nothing tells from outside that it is done; it takes a few milliseconds per 10 MB of live objects.
        await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        await session.StopAsync(cancellationToken);
        await events;
    }
}
