using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.TestBench.Tests;

/// <summary>The scripts that fetch what tests need, where nothing has been fetched yet.</summary>
public sealed class ScriptsTests : IDisposable
{
    private const int Unavailable = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kps-scripts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("envtest.sh", "NO REAL API SERVER: ")]
    [InlineData("faketime.sh", "NO LIBFAKETIME: ")]
    public async Task Script_WithoutPackages_TellsThatItCannotHaveThem(string script, string told)
    {
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "apt-get"), "/bin/false");

        await using var run = await ChildProcess.RunAsync(new ChildProcessOptions("bash")
        {
            Arguments = [Path.Combine(BenchFolders.FindRepository(), "scripts", script)],
            Environment = new Dictionary<string, string?>
            {
                ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
                ["XDG_CACHE_HOME"] = Path.Combine(_folder.FullName, "cache"),
                ["KUBEBUILDER_ASSETS"] = null,
                ["KPS_TEST_FAKETIME"] = null,
            },
        }, Deadline.Default);

        Assert.Contains(told, run.Tail(), StringComparison.Ordinal);
        Assert.Equal(Unavailable, run.ExitCode);
    }
}
