using System.Net;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Http;

public sealed class ApiServerConnectionTests
{
    private const string Canary = "canary-4f1c0d7e";

    /// <summary>After so long without a request the next one waits for the files.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>After so long the files are looked at beside the requests.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(4);

    private readonly CollectingLogger<ApiServerConnection> _log = new();
    private readonly FakeTimeProvider _time = new();

    [RealApiServerFact]
    public async Task Send_WithKubeconfigOfRelativePaths_Answers()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var folder = BenchFolders.CreateTemporary("kubeconfig");
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), server.CaPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), TestUser.Admin.Token + "\n");
        var kubeconfig = await WriteKubeconfigAsync("certificate-authority: ca.pem", "tokenFile: token", server.Address.OriginalString, folder);
        await using var connection = Connect(new() { Kubeconfig = kubeconfig, Context = "mine" });

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
    }

    [RealApiServerFact]
    public async Task Send_WithClientCertificate_IsKnownByIt()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var client = server.Authority.IssueClient("certified", "system:masters");
        var folder = BenchFolders.CreateTemporary("kubeconfig");
        await File.WriteAllTextAsync(Path.Combine(folder, "client.crt"), client.Certificate);
        await File.WriteAllTextAsync(Path.Combine(folder, "client.key"), client.Key);
        var kubeconfig = await WriteKubeconfigAsync(
            $"certificate-authority: {server.CaFile}", "{client-certificate: client.crt, client-key: client.key}", server.Address.OriginalString, folder);
        await using var connection = Connect(new() { Kubeconfig = kubeconfig });

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
    }

    [RealApiServerFact]
    public async Task Send_AfterTheTokenFileWasSwapped_UsesTheNewTokenAtOnce()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var volume = new SecretVolume("token", Canary);
        await using var connection = Connect(Options(server) with { TokenFile = volume.PathOf("token") });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(connection));

        // The clock stands still: only the 401 makes it look again.
        volume.Swap("token", TestUser.Admin.Token);

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
        AssertNoSecret();
    }

    [RealApiServerFact]
    public async Task Send_WhileTheCaFileIsGarbage_KeepsTheLastGoodCa()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var volume = new SecretVolume("ca.crt", server.CaPem);
        await using var connection = Connect(Options(server) with { CaFile = volume.PathOf("ca.crt") });
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));

        foreach (var garbage in new[] { "garbage", "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" })
        {
            volume.Swap("ca.crt", garbage);
            _time.Advance(Quiet);
            Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
        }

        Assert.Contains(_log.Lines, line => line.Contains("holds no certificate", StringComparison.Ordinal));
        using var stranger = new CertificateAuthority("stranger");
        volume.Swap("ca.crt", stranger.Pem);
        _time.Advance(Quiet);
        Assert.Equal(ClusterFailureReason.Tls, (await FailureOfAsync(connection)).Reason);
        volume.Swap("ca.crt", server.CaPem);
        _time.Advance(Quiet);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
    }

    [RealApiServerFact]
    public async Task Send_OnABusyConnection_TakesUpANewCaBesideTheRequests()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var volume = new SecretVolume("ca.crt", server.CaPem);
        await using var connection = Connect(Options(server) with { CaFile = volume.PathOf("ca.crt") });
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
        using var stranger = new CertificateAuthority("stranger");
        volume.Swap("ca.crt", stranger.Pem);
        _time.Advance(Busy);

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
        await Deadline.UntilAsync("a request is refused for the new CA", async () =>
        {
            try
            {
                return await StatusOfAsync(connection) != HttpStatusCode.OK;
            }
            catch (ApiServerException exception)
            {
                return exception.Reason == ClusterFailureReason.Tls;
            }
        });
    }

    [RealApiServerFact]
    public async Task Send_ToACertificateOfAnUnknownAuthority_IsRefused()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        using var stranger = new CertificateAuthority("stranger");
        var token = await server.WriteTokenAsync(Canary);
        await using var connection = Connect(new() { ApiUrl = server.Address, CaData = stranger.Pem, TokenFile = token });

        Assert.Equal(ClusterFailureReason.Tls, (await FailureOfAsync(connection)).Reason);
        AssertNoSecret();
    }

    [RealApiServerFact]
    public async Task Send_ToACertificateOfAnotherName_IsRefusedUnlessTheNameIsConfigured()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        foreach (var (name, reason) in new[] { ("elsewhere.example", (ClusterFailureReason?)ClusterFailureReason.Tls), ("localhost", null) })
        {
            var kubeconfig = await WriteKubeconfigAsync(
                $"{{certificate-authority: {server.CaFile}, tls-server-name: {name}}}", $"token: {TestUser.Admin.Token}", server.Address.OriginalString);
            await using var connection = Connect(new() { Kubeconfig = kubeconfig });
            var failure = await Record.ExceptionAsync(() => StatusOfAsync(connection)) as ApiServerException;
            Assert.Equal(reason, failure?.Reason);
        }
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: true", "", "insecureSkipTlsVerify: true")]
    [InlineData("", "exec: {command: /bin/true, apiVersion: client.authentication.k8s.io/v1}", "allowExec: true")]
    [InlineData("", "auth-provider: {name: gcp}", "auth-provider")]
    public async Task Send_WithARefusedKubeconfig_NamesWhatIsRefused(string cluster, string user, string expected)
    {
        await using var connection = Connect(new() { Kubeconfig = await WriteKubeconfigAsync(cluster, user) });

        var failure = await FailureOfAsync(connection);

        Assert.Equal(ClusterFailureReason.Credentials, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec: {command: true, apiVersion: client.authentication.k8s.io/v1}", "not an absolute path")]
    [InlineData("exec: {command: /bin/true, apiVersion: client.authentication.k8s.io/v1}", "no usable ExecCredential")]
    [InlineData("exec: {command: /bin/false, apiVersion: client.authentication.k8s.io/v1}", "ended with 1")]
    [InlineData("exec: {command: /bin/echo, args: ['" + Canary + "'], apiVersion: client.authentication.k8s.io/v1}", "no usable ExecCredential")]
    public async Task Send_WithAnExecPluginThatFails_SaysSoWithoutItsOutput(string user, string expected)
    {
        await using var connection = Connect(new() { Kubeconfig = await WriteKubeconfigAsync("", user), AllowExec = true });

        var failure = await FailureOfAsync(connection);

        Assert.Equal(ClusterFailureReason.Credentials, failure.Reason);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
        AssertNoSecret();
    }

    [RealApiServerFact]
    public async Task Send_WithAnExecPlugin_SendsItsToken()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var answer = $$$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"{{{TestUser.Admin.Token}}}"}}""";
        var kubeconfig = await WriteKubeconfigAsync(
            $"certificate-authority: {server.CaFile}",
            $"exec: {{command: /bin/echo, args: ['{answer}'], apiVersion: client.authentication.k8s.io/v1}}", server.Address.OriginalString);
        await using var connection = Connect(new() { Kubeconfig = kubeconfig, AllowExec = true });

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
    }

    [Fact]
    public async Task Send_WithATokenOfControlCharacters_IsACredentialFailureWithoutTheToken()
    {
        var volume = new SecretVolume("token", $"{Canary}\r\nX-Evil: 1");
        await using var connection = Connect(new() { ApiUrl = new("https://127.0.0.1:1"), TokenFile = volume.PathOf("token") });

        var failure = await FailureOfAsync(connection);

        Assert.Equal(ClusterFailureReason.Credentials, failure.Reason);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_OutsideOfAPodWithoutAnyConfiguration_NamesWhatToSet()
    {
        await using var connection = new ApiServerConnection(
            "local", new(), _time, _log, new Kubernetes.Credentials.InClusterEnvironment("/nowhere", null, null), _ => true);

        Assert.Contains("apiUrl", (await FailureOfAsync(connection)).Message, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Send_AsAPod_UsesTheServiceAccountsFiles()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var folder = BenchFolders.CreateTemporary("serviceaccount");
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), server.CaPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), TestUser.Admin.Token);
        var pod = new Kubernetes.Credentials.InClusterEnvironment(folder, server.Address.Host, $"{server.Address.Port}");
        await using var connection = new ApiServerConnection("local", new(), _time, _log, pod, _ => true);

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
    }

    [Theory]
    [InlineData("//elsewhere.example/api")]
    [InlineData("/https://elsewhere.example/api")]
    public async Task Send_WithAPathThatNamesAHost_GoesNowhereElse(string path)
    {
        await using var connection = Connect(new() { ApiUrl = new("https://127.0.0.1:1"), CaData = null });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));

        await Record.ExceptionAsync(() => connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, default));

        Assert.DoesNotContain("elsewhere", request.RequestUri!.IsAbsoluteUri ? request.RequestUri.Host : "", StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Failure_OfAForbiddenRequest_TellsVerbAndResource()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        await using var connection = Connect(Options(server) with { TokenFile = await server.WriteTokenAsync(TestUser.Pool[8].Token) });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/pods", UriKind.Relative));
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, default);

        var failure = await ApiServerAnswer.ReadFailureAsync(response, "list pods", default);

        Assert.Equal(ClusterFailureReason.Forbidden, failure.Reason);
        Assert.Contains("cannot list resource", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestUser.Pool[8].Token, failure.ToString(), StringComparison.Ordinal);
    }

    private static ConnectionOptions Options(RealApiServer server) => new() { ApiUrl = server.Address, CaFile = server.CaFile, TokenFile = Token(server) };

    private static string Token(RealApiServer server)
    {
        var path = Path.Combine(BenchFolders.CreateTemporary($"{server.Name}-token"), "token");
        File.WriteAllText(path, TestUser.Admin.Token);
        return path;
    }

    private static async Task<string> WriteKubeconfigAsync(string cluster, string user, string server = "https://127.0.0.1:1", string? folder = null)
    {
        var path = Path.Combine(folder ?? BenchFolders.CreateTemporary("kubeconfig"), "config");
        await File.WriteAllTextAsync(path, $"""
            current-context: mine
            clusters:
            - name: c
              cluster:
                server: {server}
                {cluster.Trim('{', '}').Replace(", ", "\n    ", StringComparison.Ordinal)}
            users:
            - name: u
              user:
                {user}
            contexts:
            - name: mine
              context: {"{cluster: c, user: u}"}
            """);
        return path;
    }

    private ApiServerConnection Connect(ConnectionOptions options) => new("blue", options, _time, _log);

    private void AssertNoSecret() => Assert.DoesNotContain(_log.Lines, line => line.Contains(Canary, StringComparison.Ordinal));

    private static async Task<HttpStatusCode> StatusOfAsync(ApiServerConnection connection)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/namespaces", UriKind.Relative));
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, default).WaitAsync(Deadline.Default);
        return response.StatusCode;
    }

    private static Task<ApiServerException> FailureOfAsync(ApiServerConnection connection) =>
        Assert.ThrowsAsync<ApiServerException>(() => StatusOfAsync(connection));
}
