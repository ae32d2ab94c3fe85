namespace KubePolicySemaphore.TestBench;

/// <summary>The real etcd, kube-apiserver and kubectl that tests run against.</summary>
/// <param name="Directory">The folder that holds all three.</param>
public sealed record EnvTestBinaries(string Directory)
{
    /// <summary>Why nothing was found, and how to change that.</summary>
    public const string Missing =
        "no etcd, kube-apiserver and kubectl: run scripts/envtest.sh, or set KUBEBUILDER_ASSETS to a folder that has them";

    private static readonly Lazy<EnvTestBinaries?> Found = new(Search);

    public string Etcd => Path.Combine(Directory, "etcd");

    public string ApiServer => Path.Combine(Directory, "kube-apiserver");

    public string Kubectl => Path.Combine(Directory, "kubectl");

    /// <summary>
    /// True where <c>CI=true</c>: tests on real servers must then fail, not skip, when the binaries are missing.
    /// </summary>
    public static bool Required => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The binaries in <c>KUBEBUILDER_ASSETS</c>, or where that is unset in the cache folder that
    /// <c>scripts/envtest.sh</c> fills; <see langword="null"/> when one of the three is missing.
    /// </summary>
    public static EnvTestBinaries? Find() => Found.Value;

    /// <summary>As <see cref="Find"/>.</summary>
    /// <exception cref="InvalidOperationException">One of the three is missing.</exception>
    public static EnvTestBinaries Get() => Find() ?? throw new InvalidOperationException(Missing);

    private static EnvTestBinaries? Search()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        var binaries = new EnvTestBinaries(string.IsNullOrEmpty(assets) ? Path.Combine(BenchFolders.Cache, "envtest") : assets);
        return File.Exists(binaries.Etcd) && File.Exists(binaries.ApiServer) && File.Exists(binaries.Kubectl) ? binaries : null;
    }
}
