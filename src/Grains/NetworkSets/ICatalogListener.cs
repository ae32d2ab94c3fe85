using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Is told which sets of its cluster may have changed in Calico.</summary>
internal interface ICatalogListener
{
    /// <summary>The objects of that set, or one under its name, changed. From any thread, under a lock: must only take note.</summary>
    void Changed(NetworkSetKey key);
}
