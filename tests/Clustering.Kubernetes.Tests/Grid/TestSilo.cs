using System.Globalization;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Grid;

/// <summary>A silo of a real grid: a process on loopback, with its membership in a real API server.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private TestSilo(ChildProcess process) => _process = process;

    public bool HasEnded => _process.HasExited;

    /// <summary>The last lines of its log.</summary>
    public string Log => _process.Tail();

    public static async Task<TestSilo> StartAsync(TestTable cluster, string name)
    {
        var kubeconfig = await cluster.Server.WriteKubeconfigAsync(TestUser.Admin.Token);
        var port = FreePorts.Take(1)[0].ToString(CultureInfo.InvariantCulture);
        return new TestSilo(await ChildProcess.StartAsync(new ChildProcessOptions(Environment.ProcessPath!)
        {
            Arguments = ["exec", typeof(TestSilo).Assembly.Location, kubeconfig, cluster.ClusterId, name, port],
        }));
    }

    /// <summary>SIGTERM: it leaves the grid.</summary>
    public async Task StopAsync()
    {
        _process.Send(PosixSignalNumber.Terminate);
        await _process.WaitForExitAsync(TestBench.Deadline.Default);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
