namespace KubePolicySemaphore.Simulator.Tests.Contract;

[Collection(Name)]
public sealed class SimulatedLists() : ListContract(ServerUnderTest.Simulated)
{
    /// <summary>One after the other: a test that forgets history would expire the lists and watches of others.</summary>
    public const string Name = "simulated API server";
}

[Collection(SimulatedLists.Name)]
public sealed class SimulatedWatches() : WatchContract(ServerUnderTest.Simulated);

[Collection(SimulatedLists.Name)]
public sealed class SimulatedWrites() : WriteContract(ServerUnderTest.Simulated);

[Collection(SimulatedLists.Name)]
public sealed class SimulatedPatches() : PatchContract(ServerUnderTest.Simulated);

[Collection(SimulatedLists.Name)]
public sealed class SimulatedApplies() : ApplyContract(ServerUnderTest.Simulated);

[Collection(SimulatedLists.Name)]
public sealed class SimulatedDeletes() : DeleteContract(ServerUnderTest.Simulated);

[Collection(SimulatedLists.Name)]
public sealed class SimulatedPodWrites() : PodContract(ServerUnderTest.Simulated);
