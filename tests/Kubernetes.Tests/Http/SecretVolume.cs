using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Kubernetes.Tests.Http;

/// <summary>A Secret's volume as the kubelet makes it: files are links through a link that is swapped.</summary>
internal sealed class SecretVolume
{
    private readonly string _folder = BenchFolders.CreateTemporary("volume");
    private int _generation;

    public SecretVolume(string file, string content)
    {
        Swap(file, content);
        File.CreateSymbolicLink(PathOf(file), Path.Combine("..data", file));
    }

    public string PathOf(string file) => Path.Combine(_folder, file);

    public void Swap(string file, string content)
    {
        var generation = $"..{++_generation}";
        Directory.CreateDirectory(PathOf(generation));
        File.WriteAllText(Path.Combine(PathOf(generation), file), content);
        // Missing for a moment, which the kubelet's rename spares its readers; they must stand it all the same.
        File.Delete(PathOf("..data"));
        File.CreateSymbolicLink(PathOf("..data"), generation);
    }
}
