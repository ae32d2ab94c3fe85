using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Programs;

namespace KubePolicySemaphore.EndToEnd.Tests.Commands;

/// <summary>What needs no cluster: flags and files that are wrong, and small commands.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Version_NamesTheProductAndTheRuntime()
    {
        await using var version = await PublishedProgram.RunAsync("version");

        Assert.Equal((0, ""), (version.ExitCode, version.Error.ToString()));
        Assert.StartsWith("kube-policy-semaphore ", version.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains(".NET 10", version.Output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-such-flag=1", "no-such-flag")]
    [InlineData("--log-level=loud", "log-level")]
    [InlineData("--http-address=nonsense", "http-address")]
    [InlineData("--silo-port=70000", "silo-port")]
    [InlineData("--pod-resync-period=soon", "pod-resync-period")]
    [InlineData("--config=/no/such/file.yaml", "/no/such/file.yaml")]
    [InlineData("no-such-command", "no-such-command")]
    public async Task Flag_ThatIsWrong_IsNamedInOneLineAndEndsWithTwo(string argument, string named)
    {
        await using var program = await PublishedProgram.RunAsync(argument);

        Assert.Equal(2, program.ExitCode);
        var line = Assert.Single(program.Error.Snapshot());
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_WithoutAnyCluster_EndWithTwo()
    {
        await using var program = await PublishedProgram.RunAsync();

        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith("error: ", program.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("check")]
    public async Task File_WithFaults_EndsWithTwoAndAllOfThem(string command)
    {
        var file = Path.Combine(BenchFolders.CreateTemporary("faults"), "config.yaml");
        await File.WriteAllTextAsync(file,
            """
            maxNetsPerObject: none
            clusters:
            - name: Blue
              kubeconfig: blue
            - name: green
              kubeconfig: green
              allowedCidrs: [10.4.0.0/33]
              unknown: 1
            """);
        string[] arguments = command.Length == 0 ? [$"--config={file}"] : [command, $"--config={file}"];
        await using var program = await PublishedProgram.RunAsync(arguments);

        Assert.Equal(2, program.ExitCode);
        Assert.All(["config.yaml:1: maxNetsPerObject", "config.yaml:3: clusters[0] \"Blue\": name", "clusters[1] \"green\": allowedCidrs[0]", "unknown"],
            fault => Assert.Contains(program.Error.Snapshot(), line => line.StartsWith("error: ", StringComparison.Ordinal) && line.Contains(fault, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Clusters_InTheFileAndInFlags_ExcludeEachOther()
    {
        var file = Path.Combine(BenchFolders.CreateTemporary("both"), "config.yaml");
        await File.WriteAllTextAsync(file, "clusters: []\n");
        await using var program = await PublishedProgram.RunAsync($"--config={file}", "--target-cluster-name=blue", "--target-kube-config=x");

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("target-cluster-name", program.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_IsJson()
    {
        await using var schema = await PublishedProgram.RunAsync("schema");

        Assert.Equal(0, schema.ExitCode);
        Assert.NotNull(JsonNode.Parse(schema.Output.ToString())!["properties"]!["clusters"]);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_OfAShell_NamesTheCommands(string shell)
    {
        await using var completion = await PublishedProgram.RunAsync("completion", shell);

        Assert.Equal(0, completion.ExitCode);
        Assert.All(["status", "explain", "verify"], command => Assert.Contains(command, completion.Output.ToString(), StringComparison.Ordinal));
    }
}
