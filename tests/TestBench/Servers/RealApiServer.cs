using System.Globalization;
using System.Security.Cryptography;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>
/// A real kube-apiserver: TLS, tokens, RBAC. It can be stopped, killed, frozen and started again; its address, its users
/// and its data stay.
/// </summary>
public sealed class RealApiServer : IAsyncDisposable
{
    private readonly EtcdServer _etcd;
    private readonly CertificateAuthority _authority;
    private readonly string _folder;
    private readonly int _port;
    private ChildProcess? _process;

    private RealApiServer(RealApiServerOptions options, EtcdServer etcd, CertificateAuthority authority)
    {
        Options = options;
        _etcd = etcd;
        _authority = authority;
        _port = FreePorts.Take(1)[0];
        _folder = BenchFolders.CreateTemporary(options.Name);
        Address = new Uri($"https://127.0.0.1:{_port}");
        // Servers come and go on one etcd; a name may come back.
        EtcdPrefix = $"/{Path.GetFileName(_folder)}";
        Admin = new ApiServerClient(this, TestUser.Admin.Token);
        WriteFiles();
    }

    public RealApiServerOptions Options { get; }

    public string Name => Options.Name;

    public Uri Address { get; }

    public string CaPem => _authority.Pem;

    /// <summary>The authority's certificate as a file.</summary>
    public string CaFile => FileOf("ca.crt");

    /// <summary>The authority that signed the serving certificate; the server takes its client certificates too.</summary>
    public CertificateAuthority Authority => _authority;

    /// <summary>A client with all rights.</summary>
    public ApiServerClient Admin { get; }

    /// <summary>Below this key the server keeps everything.</summary>
    public string EtcdPrefix { get; }

    public EtcdServer Etcd => _etcd;

    /// <exception cref="InvalidOperationException">The server is stopped.</exception>
    public int ProcessId => (_process ?? throw new InvalidOperationException($"{Name} does not run")).Id;

    /// <summary>Writes pods past the API server.</summary>
    public EtcdSeeder Seeder => new(_etcd, EtcdPrefix);

    /// <summary>Starts a server and waits until it is ready and serves the asked-for APIs.</summary>
    public static async Task<RealApiServer> StartAsync(RealApiServerOptions options, EtcdServer etcd, CertificateAuthority authority)
    {
        var server = new RealApiServer(options, etcd, authority);
        try
        {
            await server.StartAsync();
            foreach (var api in options.CalicoApis)
                await server.ServeAsync(api);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;
    }

    /// <summary>Starts the process and waits for readiness; for after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
            throw new InvalidOperationException($"{Name} runs already");
        var process = await ChildProcess.StartAsync(new ChildProcessOptions(EnvTestBinaries.Get().ApiServer) { Arguments = Arguments() });
        _process = process;
        await Deadline.UntilAsync($"{Name} is ready", async () =>
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{Name} ended with {process.ExitCode}:\n{process.Tail()}");
            return await Admin.IsReadyAsync();
        }, TimeSpan.FromMinutes(2), () => process.Tail());
    }

    /// <summary>SIGTERM: watches end, running requests are finished.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        process.Send(PosixSignalNumber.Terminate);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(90));
        await ForgetAsync();
    }

    /// <summary>SIGKILL: connections break at once.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.KillAsync();
            await ForgetAsync();
        }
    }

    /// <summary>Connections stay open and nothing is answered until <see cref="Resume"/>.</summary>
    public Task FreezeAsync() => _process?.FreezeAsync() ?? Task.CompletedTask;

    public void Resume() => _process?.Resume();

    /// <summary>Makes the server serve one of Calico's APIs, and waits until it does.</summary>
    public async Task ServeAsync(CalicoApi api)
    {
        await Admin.CreateCrdAsync(api.ReadManifest());
        await Deadline.UntilAsync($"{Name} serves {api}", async () => await Admin.TryGetAsync($"{api.Path}?limit=1") is not null);
    }

    /// <summary>Takes one of Calico's APIs away with all its objects, and waits until it answers 404.</summary>
    public async Task RemoveAsync(CalicoApi api)
    {
        await Admin.DeleteAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{api.CrdName}");
        await Deadline.UntilAsync($"{Name} has dropped {api}", async () => await Admin.TryGetAsync($"{api.Path}?limit=1") is null);
    }

    /// <summary>A client with a user's token.</summary>
    public ApiServerClient As(TestUser user) => new(this, user.Token);

    /// <summary>The text of a kubeconfig with one context, named after the server; by way of a proxy when one is given.</summary>
    public string Kubeconfig(string token, TcpFaultProxy? proxy = null) => KubeconfigText.Create(this, token, proxy);

    /// <summary>A kubeconfig as a file; a new one for every call.</summary>
    public Task<string> WriteKubeconfigAsync(string token, TcpFaultProxy? proxy = null) => WriteAsync("kubeconfig", Kubeconfig(token, proxy));

    /// <summary>A token as a file; a new one for every call.</summary>
    public Task<string> WriteTokenAsync(string token) => WriteAsync("token", token);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await KillAsync();
    }

    private async Task ForgetAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    private async Task<string> WriteAsync(string kind, string text)
    {
        var path = FileOf($"{kind}-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    private void WriteFiles()
    {
        var serving = _authority.IssueServer();
        File.WriteAllText(CaFile, CaPem);
        File.WriteAllText(FileOf("tls.crt"), serving.Certificate);
        File.WriteAllText(FileOf("tls.key"), serving.Key);
        using var accounts = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(FileOf("accounts.key"), accounts.ExportECPrivateKeyPem());
        File.WriteAllLines(FileOf("tokens.csv"), new[] { TestUser.Admin }.Concat(TestUser.Pool).Concat(Options.Users)
            .Select(user => $"{user.Token},{user.Name},{user.Name},\"{string.Join(',', user.Groups)}\""));
    }

    private string[] Arguments() =>
    [
        $"--etcd-servers={_etcd.Endpoint.OriginalString}",
        $"--etcd-prefix={EtcdPrefix}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        // The default one refuses a loopback address.
        "--endpoint-reconciler-type=none",
        Invariant($"--secure-port={_port}"),
        $"--tls-cert-file={FileOf("tls.crt")}",
        $"--tls-private-key-file={FileOf("tls.key")}",
        $"--client-ca-file={CaFile}",
        $"--token-auth-file={FileOf("tokens.csv")}",
        "--authorization-mode=RBAC",
        // No controller manager here that would make the accounts and their secrets.
        "--disable-admission-plugins=ServiceAccount",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--service-account-key-file={FileOf("accounts.key")}",
        $"--service-account-signing-key-file={FileOf("accounts.key")}",
        "--service-cluster-ip-range=10.255.0.0/24",
        $"--enable-priority-and-fairness={(Options.PriorityAndFairness ? "true" : "false")}",
        Invariant($"--max-requests-inflight={Options.MaxRequestsInflight}"),
        Invariant($"--max-mutating-requests-inflight={Options.MaxMutatingRequestsInflight}"),
        Invariant($"--min-request-timeout={(int)Options.MinRequestTimeout.TotalSeconds}"),
        "--profiling=false",
        "--v=0",
        .. Options.ExtraArguments,
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
