namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>A write that etcd's watch told of.</summary>
/// <param name="Value">What an API server stored there; <see langword="null"/> when the key was deleted.</param>
public sealed record EtcdWrite(string Key, string? Value);
