namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

[CollectionDefinition(StandingWorld.Collection)]
public sealed class StandingWorldCollection : ICollectionFixture<StandingWorld>;
