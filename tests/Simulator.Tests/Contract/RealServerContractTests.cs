namespace KubePolicySemaphore.Simulator.Tests.Contract;

[OnRealApiServer, Collection(Name)]
public sealed class RealLists() : ListContract(ServerUnderTest.Real)
{
    /// <summary>One after the other: a test that compacts etcd would expire the lists and watches of others.</summary>
    public const string Name = "real API server";
}

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealWatches() : WatchContract(ServerUnderTest.Real);

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealWrites() : WriteContract(ServerUnderTest.Real);

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealPatches() : PatchContract(ServerUnderTest.Real);

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealApplies() : ApplyContract(ServerUnderTest.Real);

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealDeletes() : DeleteContract(ServerUnderTest.Real);

[OnRealApiServer, Collection(RealLists.Name)]
public sealed class RealPodWrites() : PodContract(ServerUnderTest.Real);
