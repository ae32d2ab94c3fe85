using System.Net;
using System.Net.Http.Headers;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Credentials;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>
/// The way to one API server: address, TLS and credentials, all of which may change while it is used. Thread-safe.
/// </summary>
/// <remarks>
/// Files are looked at again at most every few seconds, after a request, and after a 401; a request waits for it
/// only where the last look was long ago. New TLS settings get new connections for new requests; streams that run on the
/// old ones go on until they end.
/// </remarks>
public sealed partial class ApiServerConnection : IAsyncDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(3);

    // A busy connection need not wait for files that hardly ever change; a quiet one must not use an old token.
    private static readonly TimeSpan WaitForLookAfter = TimeSpan.FromSeconds(6);

    // Longer than any request but a stream takes to begin.
    private static readonly TimeSpan RetireAfter = TimeSpan.FromMinutes(1);

    private readonly string _cluster;
    private readonly ConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CredentialReader _reader;
    private readonly ExecPlugin _plugin;
    private readonly CaDownload? _caDownload;
    private readonly CaRefresh? _ca;
    private ApiServerLink? _link;
    private long _lookedAt;
    private int _looking;
    private int _disposed;
    private string _toldFaults = "";

    /// <param name="cluster">Name of the entry, for the log.</param>
    /// <param name="options">How the server is reached. Nothing is read before the first request.</param>
    /// <param name="time">Decides when files are looked at again.</param>
    /// <param name="logger">Hears of changed credentials and of files that cannot be used.</param>
    public ApiServerConnection(string cluster, ConnectionOptions options, TimeProvider time, ILogger<ApiServerConnection> logger)
        : this(cluster, options, time, logger, InClusterEnvironment.Current, CaDownload.IsAllowed)
    {
    }

    internal ApiServerConnection(
        string cluster, ConnectionOptions options, TimeProvider time, ILogger logger,
        InClusterEnvironment inCluster, Predicate<IPAddress> isCaAddressAllowed)
    {
        ArgumentNullException.ThrowIfNull(options);
        _cluster = cluster;
        _options = options;
        _time = time;
        _logger = logger;
        _reader = new CredentialReader(options, inCluster);
        _plugin = new ExecPlugin(time);
        if (options.CaUrl is not null)
        {
            _caDownload = new CaDownload(options, time, isCaAddressAllowed);
            _ca = new CaRefresh(_caDownload, time, Random.Shared, exception => LogCredentialFault(_cluster, exception.Message));
        }
    }

    /// <summary>True when the server's certificate is not verified, by the user's explicit choice.</summary>
    public bool IsInsecure => _options.InsecureSkipTlsVerify;

    /// <summary>Sends a request. One without a body is sent again after a 401, when the credentials have changed.</summary>
    /// <param name="request">Its URI is relative to the server.</param>
    /// <param name="completion">Whether to wait for the whole answer, or its headers only.</param>
    /// <param name="cancellationToken">The only limit on the time that the answer may take.</param>
    /// <returns>The answer, whatever its status; see <see cref="ApiServerAnswer"/>.</returns>
    /// <exception cref="ApiServerException">There is no answer: no usable credentials, no connection, no trust.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var relative = request.RequestUri is { IsAbsoluteUri: false } uri
            ? uri.OriginalString.TrimStart('/')
            : throw new ArgumentException("The URI must be relative.", nameof(request));
        var link = await LinkAsync(afterRefusal: null, cancellationToken).ConfigureAwait(false);
        var response = await SendAsync(request, relative, link, completion, cancellationToken).ConfigureAwait(false);
        LookAgainIfDue();
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;

        var renewed = await LinkAsync(afterRefusal: link, cancellationToken).ConfigureAwait(false);
        if (renewed == link || request.Content is not null)
            return response;
        response.Dispose();
        using var again = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name != "Authorization")
                again.Headers.TryAddWithoutValidation(name, values);
        }

        return await SendAsync(again, relative, renewed, completion, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connections, running streams included as soon as they are read no more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _gate.WaitAsync().ConfigureAwait(false);
        _link?.Dispose();
        _caDownload?.Dispose();
        _gate.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string relative, ApiServerLink link, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        Prepare(request, relative, link);
        try
        {
            var response = await link.For(request.Method).SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (completion == HttpCompletionOption.ResponseContentRead)
                await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (ObjectDisposedException) when (_link is { } newer && newer.Shared != link.Shared)
        {
            // Replaced between our look at it and now; nothing was sent.
            return await SendAsync(request, relative, newer, completion, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ConnectionFailure.IsOne(exception))
        {
            var failure = ConnectionFailure.From(exception, link.Transport.Server);
            if (failure.Reason == ClusterFailureReason.Tls)
                _ca?.Doubt();
            throw failure;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The connect timeout of the handler.
            throw ConnectionFailure.From(exception.InnerException ?? new TimeoutException(), link.Transport.Server);
        }
    }

    private static void Prepare(HttpRequestMessage request, string relative, ApiServerLink link)
    {
        var server = link.Transport.Server;
        var uri = new Uri(server, relative);
        if (uri.Authority != server.Authority || uri.Scheme != server.Scheme)
            throw new ArgumentException("The URI leads to another host.", nameof(request));
        request.RequestUri = uri;
        // The name that TLS sends and verifies is the handler's SslOptions.TargetHost only in appearance: it takes this.
        request.Headers.Host = link.Transport.TlsServerName;
        request.Headers.Authorization = link.Authorization;
        if (request.Headers.UserAgent.Count == 0)
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("kube-policy-semaphore", null));
        request.Version = server.Scheme == "https" && !ApiServerLink.IsPatch(request.Method) ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
    }

    private async ValueTask<ApiServerLink> LinkAsync(ApiServerLink? afterRefusal, CancellationToken cancellationToken)
    {
        if (afterRefusal is null && _link is { } current && _time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < WaitForLookAfter)
            return current;

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another request may have renewed it while this one waited.
            if (afterRefusal is not null && _link is { } other && other != afterRefusal)
                return other;
            if (afterRefusal is not null)
                _plugin.Forget();
            return await RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    // After a request, not before: the files are read and decoded on the thread that would send it.
    private void LookAgainIfDue()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= LookAgainAfter && Interlocked.Exchange(ref _looking, 1) == 0)
            _ = Task.Run(LookAsync, CancellationToken.None);
    }

    private async Task LookAsync()
    {
        try
        {
            await _gate.WaitAsync().ConfigureAwait(false);
            try
            {
                await RenewAsync(CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (ObjectDisposedException) when (_disposed != 0)
        {
            // Nobody needs it any more.
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private async Task<ApiServerLink> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ca = _ca is null ? null : await _ca.GetAsync(cancellationToken).ConfigureAwait(false);
            var credentials = _reader.Read(ca);
            if (credentials.Exec is { } exec)
                credentials = Combine(credentials, await _plugin.GetAsync(exec, cancellationToken).ConfigureAwait(false));
            Take(credentials);
            Tell(string.Join("; ", _reader.Faults));
        }
        catch (ApiServerException exception) when (_link is not null)
        {
            // What was good is kept: the server will say when it no longer is.
            Tell(exception.Message);
        }

        Volatile.Write(ref _lookedAt, _time.GetTimestamp());
        return _link!;
    }

    private static ApiCredentials Combine(ApiCredentials credentials, ExecCredential plugin) => credentials with
    {
        Authorization = plugin.Token is null ? null : new AuthenticationHeaderValue("Bearer", plugin.Token),
        Transport = plugin.ClientCertificate is null
            ? credentials.Transport
            : credentials.Transport with { ClientCertificate = plugin.ClientCertificate, ClientKey = plugin.ClientKey },
    };

    private void Take(ApiCredentials credentials)
    {
        var old = _link;
        if (old is null || old.Transport != credentials.Transport)
        {
            _link = new(
                credentials.Transport,
                new HttpMessageInvoker(HandlerFactory.CreateShared(credentials.Transport)),
                new HttpMessageInvoker(HandlerFactory.CreateForPatches(credentials.Transport)),
                credentials.Authorization);
            if (old is not null)
                _ = RetireAsync(old);
            LogConnectionMade(_cluster, credentials.Transport.Server);
        }
        else if (!Equals(old.Authorization, credentials.Authorization))
        {
            _link = old with { Authorization = credentials.Authorization };
            LogCredentialsChanged(_cluster);
        }
    }

    /// <summary>Streams on it end by themselves; a request that has just begun on it must not fail for it.</summary>
    private async Task RetireAsync(ApiServerLink link)
    {
        await Task.Delay(RetireAfter, _time).ConfigureAwait(false);
        link.Dispose();
    }

    private void Tell(string faults)
    {
        if (faults != _toldFaults && faults.Length > 0)
            LogCredentialFault(_cluster, faults);
        _toldFaults = faults;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Cluster} is reached at {Server}")]
    private partial void LogConnectionMade(string cluster, Uri server);

    [LoggerMessage(Level = LogLevel.Information, Message = "Credentials of {Cluster} have changed")]
    private partial void LogCredentialsChanged(string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credentials of {Cluster} cannot be renewed, those from before stay in force: {Fault}")]
    private partial void LogCredentialFault(string cluster, string fault);
}
