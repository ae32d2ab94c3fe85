namespace KubePolicySemaphore.Simulator.Tests.Contract;

/// <summary>What every part of the contract needs: a server, and names nobody else uses.</summary>
public abstract class ApiServerContract(Func<Task<ServerUnderTest>> start) : IAsyncLifetime
{
    protected const string NetworkSets = ApiClient.NetworkSets;

    /// <summary>Begins the names of this test's objects and is their label <c>run</c>.</summary>
    protected string Run { get; } = "t" + Guid.NewGuid().ToString("N")[..12];

    protected ServerUnderTest Server { get; private set; } = null!;

    protected ApiClient Client => Server.Client;

    public async Task InitializeAsync() => Server = await start();

    public Task DisposeAsync() => Task.CompletedTask;

    protected static string PathOf(string name) => $"{NetworkSets}/{name}";

    protected Task<Answer> CreateAsync(string suffix, params string[] nets) => Client.CreateNetworkSetAsync($"{Run}-{suffix}", Run, nets);

    protected static void AssertRefused(int status, string reason, Answer answer) =>
        Assert.Equal((status, reason), (answer.Status, answer.Reason));
}
