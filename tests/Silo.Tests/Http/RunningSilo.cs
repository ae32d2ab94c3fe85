using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KubePolicySemaphore.Silo.Tests.Http;

/// <summary>A silo in this process, between clusters in memory.</summary>
public sealed class RunningSilo : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kps-");
    private WebApplication? _app;

    public string ConfigPath => Path.Combine(_folder.FullName, "config.yaml");

    internal HttpClient Public { get; } = new();

    internal HttpClient Admin { get; } = new();

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(ConfigPath, "clusters:\n- {name: blue, kubeconfig: x}\n- {name: green, kubeconfig: x, convention: semaphore-policy}\n");
        var ports = FreePorts.Take(3);
        var flags = FlagParser.Parse(
            OperatorFlags.All,
            ["-config", ConfigPath, "-http-address", $"127.0.0.1:{ports[0]}", "-admin-address", $"127.0.0.1:{ports[1]}", "-silo-port", $"{ports[2]}", "-silo-name", "kps-0", "-log-level", "error"],
            _ => null);
        var configurationFlags = ConfigurationFlagReader.Read(flags);
        _app = SiloHost.Build(
            SiloSettings.Read(flags, _ => null), configurationFlags, ConfigurationFlagReader.Load(configurationFlags).Configuration!,
            services => services.AddSingleton<INetworkSetStore, EmptyStore>().AddSingleton<IPodSourceFactory, EmptyPodSource>());
        Public.BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}");
        Admin.BaseAddress = new Uri($"http://127.0.0.1:{ports[1]}");
        await _app.StartAsync();
        await Deadline.UntilAsync("all clusters are synced", async () =>
            (await Admin.GetStringAsync(new Uri("/api/v1/clusters", UriKind.Relative))).Split("\"Synced\"").Length == 3);
    }

    public async Task DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose()
    {
        Public.Dispose();
        Admin.Dispose();
        _folder.Delete(recursive: true);
    }
}
