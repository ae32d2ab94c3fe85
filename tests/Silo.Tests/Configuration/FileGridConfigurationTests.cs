using System.Diagnostics;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.TestBench;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Silo.Tests.Configuration;

public sealed class FileGridConfigurationTests : IDisposable
{
    private const string One = "clusters:\n- {name: one, kubeconfig: x}\n";
    private const string Two = "clusters:\n- {name: one, kubeconfig: x}\n- {name: two, kubeconfig: y}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kps-");
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Poll_NewContent_IsInForceAndFiresTheToken()
    {
        var configuration = Start(One);
        var token = configuration.GetReloadToken();
        File.WriteAllText(ConfigPath, Two);

        configuration.Poll();

        Assert.Equal(["one", "two"], configuration.Current.Clusters.Select(cluster => cluster.Name));
        Assert.True(token.HasChanged);
        Assert.False(configuration.GetReloadToken().HasChanged);
    }

    [Fact]
    public void Poll_OtherTextOfTheSameMeaning_FiresNothing()
    {
        var configuration = Start(One);
        var token = configuration.GetReloadToken();
        var before = configuration.Current;
        File.WriteAllText(ConfigPath, "# a comment\n" + One);

        configuration.Poll();

        Assert.Same(before, configuration.Current);
        Assert.False(token.HasChanged);
    }

    [Theory]
    [InlineData("clusters:\n- {name: one, kubeconf")]
    [InlineData("")]
    [InlineData(null)]
    public void Poll_BrokenOrVanishedFile_KeepsTheLastGoodUntilItIsGoodAgain(string? content)
    {
        var configuration = Start(One);
        var token = configuration.GetReloadToken();
        if (content is null)
            File.Delete(ConfigPath);
        else
            File.WriteAllText(ConfigPath, content);

        configuration.Poll();

        Assert.Equal(["one"], configuration.Current.Clusters.Select(cluster => cluster.Name));
        Assert.False(configuration.State.IsValid);
        Assert.StartsWith("config.yaml:", configuration.State.Error, StringComparison.Ordinal);
        Assert.False(token.HasChanged);

        File.WriteAllText(ConfigPath, One);
        configuration.Poll();
        Assert.True(configuration.State.IsValid);
    }

    [Fact]
    public async Task Run_SymlinkSwappedAsAConfigMap_FollowsWithinTwoSeconds()
    {
        Version("v1", One);
        Version("v2", Two);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), "v1");
        File.CreateSymbolicLink(ConfigPath, Path.Combine("..data", "config.yaml"));
        using var configuration = Create();
        await configuration.StartAsync(CancellationToken.None);

        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data_tmp"), "v2");
        // rename(2), as the kubelet does; the framework renames no link over another.
        using var rename = Process.Start("mv", ["-T", Path.Combine(_folder.FullName, "..data_tmp"), Path.Combine(_folder.FullName, "..data")]);
        await rename.WaitForExitAsync();
        await Deadline.UntilAsync("two clusters are in force", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(configuration.Current.Clusters.Count == 2);
        });

        await configuration.StopAsync(CancellationToken.None);
    }

    private string ConfigPath => Path.Combine(_folder.FullName, "config.yaml");

    private void Version(string name, string text) =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(name).FullName, "config.yaml"), text);

    private FileGridConfiguration Start(string text)
    {
        File.WriteAllText(ConfigPath, text);
        return Create();
    }

    private FileGridConfiguration Create()
    {
        var flags = new ConfigurationFlags { Path = ConfigPath, ServiceId = "grid" };
        return new(flags, ConfigurationFile.Load(flags).Configuration!, _time, NullLogger<FileGridConfiguration>.Instance);
    }
}
