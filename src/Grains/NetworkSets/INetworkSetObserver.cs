using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Sees the objects of the local cluster as they come and go.</summary>
public interface INetworkSetObserver
{
    /// <summary>The objects are exactly these: a complete list.</summary>
    void Replace(IReadOnlyList<NetworkSetObject> objects);

    /// <summary>An object was added or changed.</summary>
    void Upsert(NetworkSetObject seen);

    /// <summary>An object is gone, or does not carry our label any more.</summary>
    void Delete(string name, string uid);

    /// <summary>The API server answered, or its stream showed that it is alive.</summary>
    void Contact();

    /// <summary>A list or watch failed; one line without secrets.</summary>
    void Failed(string error);
}
