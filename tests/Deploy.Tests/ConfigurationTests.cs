using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>The configuration of the manifests and of the guide, judged by the program.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = BenchFolders.CreateTemporary("deploy");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [KustomizeTheory]
    [InlineData(Repository.Local, 0)]
    [InlineData(Repository.Example, 2)]
    public async Task ConfigMap_OfAKustomization_IsAConfigurationWithoutWarnings(string folder, int clusters)
    {
        var data = (await Kustomize.RenderAsync(folder)).Single("ConfigMap")["data"]!.AsObject();

        Assert.Equal(["config.yaml"], data.Select(file => file.Key));
        await AssertAcceptedAsync(data["config.yaml"]!.GetValue<string>(), clusters);
    }

    [Fact]
    public async Task CommentedEntries_OfTheBase_AreAConfigurationWithoutWarnings()
    {
        var lines = Repository.Read($"{Repository.Local}/config.yaml").Split('\n');
        var entries = lines.SkipWhile(line => !line.StartsWith("# - ", StringComparison.Ordinal)).Where(line => line.Length > 0).Select(line => line[2..]);

        await AssertAcceptedAsync($"clusters:\n{string.Join('\n', entries)}\n", clusters: 2);
    }

    [Fact]
    public async Task Entries_OfTheGuide_AreAConfigurationWithoutWarnings()
    {
        var blocks = Repository.Read("docs/installing.md").Split("```yaml\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]);
        var configurations = blocks.Where(block => block.Contains("clusters:\n", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(configurations);
        foreach (var configuration in configurations)
            await AssertAcceptedAsync(configuration, clusters: 1);
    }

    private async Task AssertAcceptedAsync(string configuration, int clusters)
    {
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, configuration);
        // Built with these tests, beside them.
        await using var check = await ChildProcess.RunAsync(
            new ChildProcessOptions(Path.Combine(AppContext.BaseDirectory, "kube-policy-semaphore")) { Arguments = ["check", "--offline", $"--config={file}"] },
            Deadline.Default);

        Assert.True(check.ExitCode == 0, check.Tail());
        Assert.Contains(check.Output.Snapshot(), line => line.EndsWith($"configuration: {clusters} clusters", StringComparison.Ordinal));
        Assert.DoesNotContain(check.Output.Snapshot(), line => line.StartsWith("WARN", StringComparison.Ordinal));
    }
}
