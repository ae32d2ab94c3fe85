namespace KubePolicySemaphore.Simulator;

/// <summary>Bytes to be written into a running watch.</summary>
internal sealed record WatchInjection(ReadOnlyMemory<byte> Raw, int? ChunkBytes, bool EndsWatch);
