using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

/// <summary>An API server the contract is held against: the simulator, or the real one.</summary>
public sealed class ServerUnderTest(Uri address, string token, string caPem, Func<Task> forgetHistory)
{
    private const string SimulatedToken = "let-me-in";

    private static readonly Lazy<Task<ServerUnderTest>> SimulatedServer = new(StartSimulatedAsync);
    private static readonly Lazy<Task<ServerUnderTest>> RealServer = new(StartRealAsync);

    public static Func<Task<ServerUnderTest>> Simulated { get; } = () => SimulatedServer.Value;

    public static Func<Task<ServerUnderTest>> Real { get; } = () => RealServer.Value;

    public ApiClient Client { get; } = new(address, caPem, token);

    /// <summary>Makes continue tokens handed out so far too old.</summary>
    public Task ForgetHistoryAsync() => forgetHistory();

    public ApiClient WithToken(string other) => new(address, caPem, other);

    private static async Task<ServerUnderTest> StartSimulatedAsync()
    {
        var server = await SimulatedApiServer.StartAsync(new SimulatorOptions
        {
            UseHttps = true,
            Tokens = [SimulatedToken],
            CalicoApis = CalicoApis.Both,
        });
        return new ServerUnderTest(server.Uri, SimulatedToken, server.CaPem!, () =>
        {
            server.Faults.ForgetHistory();
            return Task.CompletedTask;
        });
    }

    private static async Task<ServerUnderTest> StartRealAsync()
    {
        var server = await RealApiServers.Shared.GetAsync("contract");
        await server.ServeAsync(CalicoApi.V3);
        return new ServerUnderTest(server.Address, TestUser.Admin.Token, server.CaPem, server.Etcd.CompactAsync);
    }
}
