using System.Net;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Commands;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Silo.Tests.Commands;

/// <summary>The built program, as a shell sees it: exit codes, and where lines go.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "kube-policy-semaphore");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kps-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, "", "version")]
    [InlineData(0, "", "schema")]
    [InlineData(0, "", "--help")]
    [InlineData(0, "", "status", "--help")]
    [InlineData(0, "", "completion", "bash")]
    [InlineData(0, "", "completion", "zsh")]
    [InlineData(0, "", "completion", "fish")]
    [InlineData(2, "error: \"tcsh\" is not bash or zsh or fish", "completion", "tcsh")]
    [InlineData(2, "error: \"chek\" is no command; did you mean \"check\"?", "chek")]
    [InlineData(2, "error: -loglevel: unknown flag; did you mean \"log-level\"?", "-loglevel", "info")]
    [InlineData(2, "error: no cluster is configured: give -config FILE, or -target-cluster-name NAME and -target-kube-config FILE")]
    [InlineData(2, "error: nowhere.yaml: cannot be read: ", "--config", "/nonexistent/nowhere.yaml")]
    [InlineData(2, "error: nowhere.yaml: cannot be read: ", "check", "--config", "/nonexistent/nowhere.yaml")]
    [InlineData(2, "error: explain takes one argument: IP|NAMESPACE/POD", "explain")]
    [InlineData(3, "error: -server: no answer from http://127.0.0.1:9: ", "status", "--server", "http://127.0.0.1:9")]
    [InlineData(3, "error: -server: no answer from http://127.0.0.1:9: ", "explain", "10.0.0.1", "--server=http://127.0.0.1:9")]
    public async Task Run_Arguments_EndsWithTheDocumentedCode(int exit, string error, params string[] arguments)
    {
        await using var program = await RunAsync(arguments);

        Assert.Equal((exit, error.Length > 0), (program.ExitCode, program.Tail().Contains("error: ", StringComparison.Ordinal)));
        Assert.Contains(error, program.Tail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfflineWithFaults_TellsThemAll()
    {
        var config = Write("clusters:\n- {name: Blue, kubeconfig: x}\n- {name: green}\n");

        await using var program = await RunAsync("check", "--offline", "--config", config);

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("error: config.yaml:2: clusters[0] \"Blue\": name: ", program.Tail(), StringComparison.Ordinal);
        Assert.Contains("error: config.yaml:3: clusters[1] \"green\": does not say how to reach the cluster", program.Tail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortInUse_NamesTheFlag()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        await using var program = await RunAsync(
            "--config", Write("clusters: []"), "--http-address", taken.LocalEndpoint.ToString()!, "--admin-address", $"127.0.0.1:{FreePorts.Take(1)[0]}");

        Assert.Equal(1, program.ExitCode);
        Assert.Contains($"error: -http-address: cannot listen on {taken.LocalEndpoint}: ", program.Tail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SignalToEnd_EndsCleanly()
    {
        await using var program = await StartAsync(FreePorts.Take(3), "--config", Write("clusters: []"));
        await Deadline.UntilAsync("the silo runs", () => Task.FromResult(program.Tail().Contains("The silo runs", StringComparison.Ordinal)),
            details: () => program.Tail());

        program.Send(PosixSignalNumber.Terminate);

        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("The silo has stopped", program.Tail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LocalApiServerDownAtTheStart_IsAliveAndNotReadyAndTellsMetrics()
    {
        var ports = FreePorts.Take(4);
        var kubeconfig = Write($$"""
            clusters: [{name: down, cluster: {server: "http://127.0.0.1:{{ports[3]}}"} }]
            contexts: [{name: down, context: {cluster: down} }]
            current-context: down
            """, "kubeconfig");
        var config = Write($"local: {{kubeconfig: {kubeconfig}}}\nclusters: [{{name: blue, kubeconfig: {kubeconfig}}}]");
        await using var program = await StartAsync(ports, "--config", config, "--clustering", "kubernetes", "--cluster-id", "grid", "--silo-name", "silo-0");
        using var client = new HttpClient();
        await program.WaitForHealthAsync(new Uri($"http://127.0.0.1:{ports[0]}/healthz"));

        using var ready = await client.GetAsync(new Uri($"http://127.0.0.1:{ports[0]}/readyz"));
        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{ports[0]}/metrics"));
        var clusters = await client.GetStringAsync(new Uri($"http://127.0.0.1:{ports[1]}/api/v1/clusters"));
        var sets = await client.GetStringAsync(new Uri($"http://127.0.0.1:{ports[1]}/api/v1/sets"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("the silo is not active: ", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("kps_cluster_up{remote_cluster=\"blue\"} 0", metrics, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"Connecting\"", clusters, StringComparison.Ordinal);
        Assert.Contains("\"blue\"", sets, StringComparison.Ordinal);
        program.Send(PosixSignalNumber.Terminate);
        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Help_EveryCommand_NamesEachOfItsFlags()
    {
        foreach (var command in CommandTable.All)
        {
            var help = HelpText.For(command, CommandTable.All);
            Assert.All(command.Flags, flag => Assert.Contains($"--{flag.Name}", help, StringComparison.Ordinal));
        }
    }

    private string Write(string text, string name = "config.yaml")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <param name="ports">For HTTP, the admin API and silos.</param>
    /// <param name="arguments">The other flags.</param>
    private static Task<ChildProcess> StartAsync(int[] ports, params string[] arguments) => ChildProcess.StartAsync(new ChildProcessOptions(Program)
    {
        Arguments =
        [
            .. arguments, "--http-address", $"127.0.0.1:{ports[0]}", "--admin-address", $"127.0.0.1:{ports[1]}", "--silo-port", $"{ports[2]}",
        ],
        Environment = new Dictionary<string, string?> { ["POD_NAMESPACE"] = "operator" },
    });

    private static async Task<ChildProcess> RunAsync(params string[] arguments)
    {
        var program = await ChildProcess.StartAsync(new ChildProcessOptions(Program) { Arguments = arguments });
        await program.WaitForExitAsync(Deadline.Default);
        return program;
    }
}
