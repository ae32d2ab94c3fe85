using System.Text;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Connections;

/// <summary>The ways to reach a remote cluster that an entry of the configuration file can say.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private World _world = null!;
    private RealApiServer _remote = null!;

    public async Task InitializeAsync()
    {
        _world = await World.CreateAsync();
        _remote = await RealApiServers.Shared.GetAsync("remote-a");
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [RealApiServerFact]
    public async Task Entries_OfEveryKind_ReachTheirCluster()
    {
        var token = await ShippedRoles.RemoteTokenAsync(_remote);
        var (file, data, certificate) = (NewCluster("file"), NewCluster("data"), NewCluster("cert"));
        var caData = Convert.ToBase64String(Encoding.UTF8.GetBytes(_remote.CaPem));
        await _world.ConfigureAsync("",
            file.Entry($"apiUrl: {_remote.Address.OriginalString}", $"caFile: {_remote.CaFile}", $"tokenFile: {await _remote.WriteTokenAsync(token)}"),
            // As an editor leaves it: with a line break at the end.
            data.Entry($"apiUrl: {_remote.Address.OriginalString}", $"caData: {caData}", $"tokenFile: {await _remote.WriteTokenAsync(token + "\n")}"),
            certificate.Entry($"kubeconfig: {await WriteCertificateKubeconfigAsync()}", "context: by-certificate"));
        await _world.StartAsync();

        foreach (var cluster in new[] { file, data, certificate })
            await ShowsAsync(cluster);
    }

    [RealApiServerFact]
    public async Task Namespaces_WithRightsInThemOnly_AreWatchedAndNoOther()
    {
        var blue = NewCluster("blue");
        var (payments, orders, other) = (await blue.CreateNamespaceAsync(), await blue.CreateNamespaceAsync(), await blue.CreateNamespaceAsync());
        var kubeconfig = await _remote.WriteKubeconfigAsync(await ShippedRoles.NamespacedTokenAsync(_remote, payments, orders));
        await _world.ConfigureAsync("", blue.Entry($"kubeconfig: {kubeconfig}", $"namespaces: [{payments}, {orders}]"));
        await blue.RunAsync(other, "web-0", "web", "10.0.0.3");
        await _world.StartAsync();

        await blue.RunAsync(payments, "web-0", "web", "10.0.0.1");
        await blue.RunAsync(orders, "web-0", "web", "10.0.0.2");

        await _world.WaitForNetsAsync(blue.ObjectOf(payments, "web"), "10.0.0.1/32");
        await _world.WaitForNetsAsync(blue.ObjectOf(orders, "web"), "10.0.0.2/32");
        await _world.Program.WaitForStateAsync(blue.Name, "Synced");
        Assert.Equal(2, (await _world.NetworkSets.ListAsync(blue.Name)).Count);
    }

    [RealApiServerFact]
    public async Task Token_RotatedBeforeTheOldOneIsRevoked_IsTakenWithoutAFailure()
    {
        var (rotation, blue) = (new Rotation(_remote), NewCluster("blue"));
        var secret = new MountedVolume(_world.PathOf("secret"), "token");
        await secret.WriteAsync(await rotation.NextTokenAsync());
        // The remote is listed anew all the time, so a token that is void shows.
        await _world.ConfigureAsync("podResyncPeriod: 1s", TokenEntry(blue, secret));
        await _world.StartAsync();
        var shop = await ShowsAsync(blue);

        var before = rotation.CurrentToken;
        await secret.WriteAsync(await rotation.NextTokenAsync());
        await rotation.RevokeAsync(before);

        var lists = await ListsAsync(blue);
        await _world.Program.WaitForAsync("two more lists", async () => await ListsAsync(blue) >= lists + 2);
        await blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await _world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.0.0.2/32");
        Assert.Equal(0, await _world.Program.MetricAsync("kps_cluster_failures_total", ("remote_cluster", blue.Name)));
    }

    [RealApiServerFact]
    public async Task Token_RevokedAndRotatedLater_KeepsTheSetsAndRecovers()
    {
        var (rotation, blue) = (new Rotation(_remote), NewCluster("blue"));
        var secret = new MountedVolume(_world.PathOf("secret"), "token");
        await secret.WriteAsync(await rotation.NextTokenAsync());
        await _world.ConfigureAsync("podResyncPeriod: 1s", TokenEntry(blue, secret));
        await _world.StartAsync();
        var shop = await ShowsAsync(blue);
        await using var recorder = await _world.NetworkSets.RecordAsync(blue.Name);

        await rotation.RevokeAsync(rotation.CurrentToken);
        await _world.Program.WaitForStateAsync(blue.Name, "Unauthorized");
        Assert.Equal(0, await _world.Program.MetricAsync("kps_cluster_up", ("remote_cluster", blue.Name)));

        await secret.WriteAsync(await rotation.NextTokenAsync());
        await _world.Program.WaitForAsync("it is in sync again", async () =>
            (await _world.Program.FindClusterAsync(blue.Name))!["state"]!.GetValue<string>() == "Synced", TimeSpan.FromSeconds(10));
        await blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await _world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.0.0.2/32");
        await recorder.WaitForAsync(blue.ObjectOf(shop, "web"));
        Assert.Single(recorder.Events);
    }

    [RealApiServerFact]
    public async Task Remote_WithAnotherAuthority_IsRefusedAndGetsNoToken()
    {
        using var other = new CertificateAuthority("another-ca");
        var blue = NewCluster("blue");
        var ca = _world.PathOf("other-ca.crt");
        await File.WriteAllTextAsync(ca, other.Pem);
        await _world.ConfigureAsync("", blue.Entry($"apiUrl: {_remote.Address.OriginalString}", $"caFile: {ca}",
            $"tokenFile: {await _remote.WriteTokenAsync(await ShippedRoles.RemoteTokenAsync(_remote))}"));
        await _world.StartAsync();

        var status = await _world.Program.WaitForStateAsync(blue.Name, "Unreachable", "Unauthorized");

        Assert.Contains("certificate", status["lastError"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await _world.Program.MetricAsync("kps_lists_total", ("remote_cluster", blue.Name)));
    }

    private RemoteCluster NewCluster(string name) => _world.AddCluster(name, _remote);

    private string TokenEntry(RemoteCluster cluster, MountedVolume secret) =>
        cluster.Entry($"apiUrl: {_remote.Address.OriginalString}", $"caFile: {_remote.CaFile}", $"tokenFile: {secret.FilePath}");

    private async Task<double> ListsAsync(RemoteCluster cluster) =>
        await _world.Program.MetricAsync("kps_lists_total", ("remote_cluster", cluster.Name)) ?? double.NaN;

    private async Task<string> ShowsAsync(RemoteCluster cluster)
    {
        var shop = await cluster.CreateNamespaceAsync();
        await cluster.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(cluster.ObjectOf(shop, "web"), "10.0.0.1/32");
        return shop;
    }

    // A user known by a certificate, bound to the shipped role; the context in question is not the current one.
    private async Task<string> WriteCertificateKubeconfigAsync()
    {
        const string User = "operator-by-certificate";
        await _remote.Admin.ApplyAsync(
            $"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {"{"}name: {User}{"}"}
            roleRef: {"{"}apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {ShippedRoles.RemoteRole}{"}"}
            subjects: [{"{"}apiGroup: rbac.authorization.k8s.io, kind: User, name: {User}{"}"}]
            """);
        var certificate = _remote.Authority.IssueClient(User);
        var path = _world.PathOf("certificate.kubeconfig");
        await File.WriteAllTextAsync(path,
            $"""
            apiVersion: v1
            kind: Config
            current-context: none
            clusters:
            - name: remote
              cluster:
                server: {_remote.Address.OriginalString}
                certificate-authority: {_remote.CaFile}
            users:
            - name: operator
              user:
                client-certificate-data: {Encode(certificate.Certificate)}
                client-key-data: {Encode(certificate.Key)}
            contexts:
            - name: by-certificate
              context: {"{"}cluster: remote, user: operator{"}"}

            """);
        return path;
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
