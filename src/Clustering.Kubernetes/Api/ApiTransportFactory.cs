using k8s;
using k8s.KubeConfigModels;
using Microsoft.Extensions.Options;

namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>Makes the way to the API server that the options ask for.</summary>
internal sealed class ApiTransportFactory(IServiceProvider services, IOptions<KubernetesClusteringOptions> options)
{
    // Objects end at 1.5 MB in etcd.
    private const long MaxAnswerBytes = 16 * 1024 * 1024;

    /// <exception cref="KubernetesClusteringException">The configuration cannot be read.</exception>
    public ApiTransport Create()
    {
        if (options.Value.CreateHttpClient is { } create)
            return FromHttpClient(create(services));
        try
        {
            return FromConfiguration(Configuration());
        }
        catch (Exception exception) when (exception is not KubernetesClusteringException)
        {
            // The client library throws whatever its parsers throw, and its texts may quote the file.
            throw new KubernetesClusteringException(
                $"the configuration for the API server cannot be used ({exception.GetType().Name}); "
                + "outside a pod set KubeconfigPath, inside one mount the service account's token", innerException: exception);
        }
    }

    private static ApiTransport FromHttpClient(HttpClient http) => new(
        http,
        WithSlash(http.BaseAddress ?? throw new KubernetesClusteringException("the HttpClient of CreateHttpClient has no BaseAddress")),
        PodNamespace.Find());

    private static ApiTransport FromConfiguration(KubernetesClientConfiguration configuration)
    {
        var setup = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // A redirect would carry the token to wherever it points.
            handler.AllowAutoRedirect = false;
            setup?.Invoke(handler);
        };
        var client = new k8s.Kubernetes(configuration);
        client.HttpClient.MaxResponseContentBufferSize = MaxAnswerBytes;
        return new ApiTransport(client.HttpClient, WithSlash(client.BaseUri), PodNamespace.FindOr(configuration.Namespace))
        {
            Credentials = client.Credentials,
            TlsServerName = configuration.TlsServerName,
        };
    }

    private KubernetesClientConfiguration Configuration()
    {
        if (options.Value.CreateConfiguration is { } create)
            return create(services);
        if (options.Value.KubeconfigPath is not { } path)
            return KubernetesClientConfiguration.InClusterConfig();
        var kubeconfig = KubernetesClientConfiguration.LoadKubeConfig(path);
        if (!options.Value.AllowExec)
            RefuseExec(kubeconfig, options.Value.KubeconfigContext ?? kubeconfig.CurrentContext, path);
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(kubeconfig, options.Value.KubeconfigContext);
    }

    // Building the configuration would run the program at once.
    private static void RefuseExec(K8SConfiguration kubeconfig, string? contextName, string path)
    {
        var context = kubeconfig.Contexts?.FirstOrDefault(context => context.Name == contextName);
        var user = kubeconfig.Users?.FirstOrDefault(user => user.Name == context?.ContextDetails?.User)?.UserCredentials;
        if (user?.ExternalExecution is not null || user?.AuthProvider is not null)
            throw new KubernetesClusteringException($"kubeconfig {path}: context '{contextName}' runs a program for its credentials; set AllowExec to permit that");
    }

    private static Uri WithSlash(Uri server) =>
        server.AbsolutePath.EndsWith('/') ? server : new UriBuilder(server) { Path = server.AbsolutePath + "/" }.Uri;
}
