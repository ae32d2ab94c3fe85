using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>Files of the repository, by their paths from its root.</summary>
internal static class Repository
{
    public const string Local = "deploy/local";
    public const string Example = "deploy/overlays/example";
    public const string EveryComponent = "tests/Deploy.Tests/EveryComponent";

    private static readonly string Root = BenchFolders.FindRepository();

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>The folders below <c>deploy</c> with a kustomization of that kind.</summary>
    public static IEnumerable<string> Kustomizations(string kind) =>
        Directory.EnumerateFiles(PathOf("deploy"), "kustomization.yaml", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Contains($"kind: {kind}"))
            .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!))
            .Order(StringComparer.Ordinal);
}
