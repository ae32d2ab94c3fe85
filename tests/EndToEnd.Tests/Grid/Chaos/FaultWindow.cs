namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A time in which nothing could be read or written, so that no bound runs out in it.</summary>
internal readonly record struct FaultWindow(TimeSpan From, TimeSpan To);
