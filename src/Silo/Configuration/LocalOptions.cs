using KubePolicySemaphore.Grains.Configuration;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>How the local cluster is reached. Read once: a change takes effect with the next start.</summary>
internal sealed record LocalOptions
{
    public ConnectionOptions Connection { get; init; } = new();

    /// <summary><c>auto</c>, or the group and version of Calico's API.</summary>
    public string CalicoApi { get; init; } = LocalFields.Auto;
}
