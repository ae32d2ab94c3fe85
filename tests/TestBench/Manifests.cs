namespace KubePolicySemaphore.TestBench;

/// <summary>The manifests embedded here.</summary>
public static class Manifests
{
    public static string Read(string name)
    {
        using var stream = typeof(Manifests).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"no embedded manifest {name}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
