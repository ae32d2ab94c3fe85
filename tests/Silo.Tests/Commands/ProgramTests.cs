using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Commands;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
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
        var http = FreePorts.Take(1)[0];
        await using var program = await ChildProcess.StartAsync(new ChildProcessOptions(Program)
        {
            Arguments =
            [
                "--config", Write("clusters: []"), "--http-address", $"127.0.0.1:{http}", "--admin-address", $"127.0.0.1:{FreePorts.Take(1)[0]}",
                "--silo-port", $"{FreePorts.Take(1)[0]}",
            ],
        });
        using var client = new HttpClient();
        await Deadline.UntilAsync("the silo is alive", async () =>
        {
            try
            {
                return (await client.GetAsync(new Uri($"http://127.0.0.1:{http}/healthz"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, details: () => program.Tail());

        program.Send(PosixSignalNumber.Terminate);

        Assert.Equal(0, await program.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("The silo has stopped", program.Tail(), StringComparison.Ordinal);
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

    private string Write(string config)
    {
        var path = Path.Combine(_folder.FullName, "config.yaml");
        File.WriteAllText(path, config);
        return path;
    }

    private static async Task<ChildProcess> RunAsync(params string[] arguments)
    {
        var program = await ChildProcess.StartAsync(new ChildProcessOptions(Program) { Arguments = arguments });
        await program.WaitForExitAsync(Deadline.Default);
        return program;
    }
}
