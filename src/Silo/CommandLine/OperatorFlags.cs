using KubePolicySemaphore.Silo.Hosting;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>The flags of the operator, which are environment variables too.</summary>
internal static class OperatorFlags
{
    public const string Config = "config";
    public const string TargetClusterName = "target-cluster-name";
    public const string TargetKubeConfig = "target-kube-config";
    public const string RemoteApiUrl = "remote-api-url";
    public const string RemoteCaUrl = "remote-ca-url";
    public const string RemoteTokenPath = "remote-sa-token-path";
    public const string LabelSelector = "label-selector";
    public const string SetNameAnnotation = "networkset-name-annotation";
    public const string LocalKubeConfig = "local-kube-config";
    public const string FullStoreResyncPeriod = "full-store-resync-period";
    public const string PodResyncPeriod = "pod-resync-period";
    public const string LogLevel = "log-level";
    public const string LogFormat = "log-format";
    public const string HttpAddress = "http-address";
    public const string AdminAddress = "admin-address";
    public const string Clustering = "clustering";
    public const string ClusterId = "cluster-id";
    public const string ServiceId = "service-id";
    public const string SiloName = "silo-name";
    public const string SiloPort = "silo-port";
    public const string GatewayPort = "gateway-port";
    public const string AdvertisedAddress = "advertised-address";
    public const string SiloTlsDir = "silo-tls-dir";
    public const string DryRun = "dry-run";

    private const string Id = "kube-policy-semaphore";

    public static IReadOnlyList<Flag> All { get; } =
    [
        Text(Config, "FILE", "configuration file"),
        Text(TargetClusterName, "NAME", "the only remote cluster's name; this and the next flags stand for a file's clusters"),
        Text(TargetKubeConfig, "FILE", "kubeconfig of the remote cluster"),
        Text(RemoteApiUrl, "URL", "API server of the remote cluster"),
        Text(RemoteCaUrl, "URL", "where the remote API server's CA is fetched, https"),
        Text(RemoteTokenPath, "FILE", "bearer token for the remote API server"),
        Text(LabelSelector, "SELECTOR", "selects the pods of the remote cluster (default \"uw.systems/networksets=true\")"),
        Text(SetNameAnnotation, "KEY", "annotation with a pod's set name (default \"uw.systems/networkset-name\")"),
        Text(LocalKubeConfig, "FILE", "kubeconfig of the local cluster (default in-cluster)"),
        // Their defaults are the configuration file's, which a flag that was not given must not override.
        Of(FullStoreResyncPeriod, "DURATION", "how often each set is compared with Calico in full (default 1h)", null, FlagChecks.Duration),
        Of(PodResyncPeriod, "DURATION", "how often each remote cluster is listed anew (default 1h)", null, FlagChecks.Duration),
        Words(LogLevel, "least level that is logged", "info", "trace", "debug", "info", "warn", "error"),
        Words(LogFormat, "form of the log", "text", "text", "json"),
        Of(HttpAddress, "ADDRESS:PORT", "listens for /healthz, /readyz and /metrics", "0.0.0.0:8080", FlagChecks.EndPoint),
        Of(AdminAddress, "ADDRESS:PORT", "listens for /api/v1 and the status page, read only", "127.0.0.1:8081", FlagChecks.EndPoint),
        Words(Clustering, "how silos find each other (default kubernetes in a pod, else local)", null, SiloSettings.Local, SiloSettings.Kubernetes),
        Of(ClusterId, "ID", "silos of one id form one grid", Id, FlagChecks.NotEmpty),
        Of(ServiceId, "ID", "mark of this grid on its objects in Calico", Id, FlagChecks.NotEmpty),
        Text(SiloName, "NAME", "name of this silo (default $POD_NAME, else the host's name)"),
        Of(SiloPort, "PORT", "port for other silos", "11111", FlagChecks.Port),
        Of(GatewayPort, "PORT", "port for Orleans clients; 0: none", "0", FlagChecks.Port),
        Of(AdvertisedAddress, "IP", "address for other silos (default $POD_IP, else loopback)", null, FlagChecks.Address),
        Text(SiloTlsDir, "DIR", "folder with tls.crt, tls.key and ca.crt: mutual TLS between silos"),
        new(DryRun, null, "do everything but write; tell what would be written") { Check = FlagChecks.Boolean, Variable = Variable(DryRun) },
    ];

    private static Flag Text(string name, string value, string description) => Of(name, value, description, null, FlagChecks.NotEmpty);

    private static Flag Words(string name, string description, string? standard, params string[] words) =>
        Of(name, string.Join('|', words), description, standard, FlagChecks.OneOf(words)) with { Words = words };

    private static Flag Of(string name, string value, string description, string? standard, Func<string, string?> check) =>
        new(name, value, description) { Default = standard, Check = check, Variable = Variable(name) };

    private static string Variable(string name) => "KPS_" + name.ToUpperInvariant().Replace('-', '_');
}
