namespace KubePolicySemaphore.Simulator;

/// <summary>The resourceVersion counter of one server: every write of any resource takes the next number, as in etcd.</summary>
internal sealed class VersionCounter
{
    public Lock Gate { get; } = new();

    /// <summary>Read and changed only while <see cref="Gate"/> is held.</summary>
    public long Current { get; private set; } = 1;

    public long Next() => ++Current;
}
