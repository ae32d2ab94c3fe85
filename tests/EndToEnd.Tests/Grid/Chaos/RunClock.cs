namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>The one clock by which changes and writes of a run are timed; monotonic, from the run's start.</summary>
internal sealed class RunClock
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_started);
}
