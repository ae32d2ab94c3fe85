using System.Text.Json;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Tests.Configuration;

/// <summary>A folder per case: <c>config.yaml</c>, and in <c>expected.txt</c> what the reader says of it.</summary>
public sealed class ConfigurationReaderTests
{
    // From here on an array is collected with the oldest generation only.
    private const int LargeObjectBytes = 85_000;

    private static readonly string Cases = Path.Combine(AppContext.BaseDirectory, "Configuration", "Cases");

    public static TheoryData<string> AllCases => [.. Directory.GetDirectories(Cases).Select(folder => Path.GetFileName(folder)).Order()];

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Read_Case_SaysWhatIsExpected(string name)
    {
        var result = ConfigurationFile.Load(new ConfigurationFlags { Path = Path.Combine(Cases, name, "config.yaml"), ServiceId = "grid" });

        var expected = Path.Combine(Cases, name, "expected.txt");
        var actual = Describe(result);
        // KPS_ACCEPT names the source folder of the cases: the new texts are then to be read in the diff.
        if (Environment.GetEnvironmentVariable("KPS_ACCEPT") is { Length: > 0 } accept)
            File.WriteAllText(Path.Combine(accept, name, "expected.txt"), actual);
        else
            Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Fact]
    public void Load_FileOverFourMebibytes_IsRefused()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("kps-").FullName, "config.yaml");
        File.WriteAllText(path, "clusters: []\n#" + new string('x', 4 * 1024 * 1024));

        var result = ConfigurationFile.Load(new ConfigurationFlags { Path = path, ServiceId = "grid" });

        Assert.Equal(["config.yaml: larger than 4 MiB"], result.Faults);
    }

    [Fact]
    public void ReadBytes_OfASmallFile_AllocatesNoLargeObject()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("kps-").FullName, "config.yaml");
        File.WriteAllText(path, "clusters: []\n");

        ConfigurationFile.ReadBytes(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (bytes, fault) = ConfigurationFile.ReadBytes(path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, LargeObjectBytes);
        Assert.Null(fault);
        Assert.Equal("clusters: []\n"u8, bytes!);
    }

    [Fact]
    public void Read_SameTextTwice_IsEqual()
    {
        var text = File.ReadAllText(Path.Combine(Cases, "interface-example", "config.yaml"));
        var flags = new ConfigurationFlags { ServiceId = "grid" };

        Assert.Equal(
            ConfigurationReader.Read("a", text, flags).Configuration,
            ConfigurationReader.Read("b", "# moved down\n" + text, flags).Configuration);
    }

    private static string Describe(ConfigurationResult result)
    {
        var lines = result.Faults.Select(fault => $"error: {fault}").Concat(result.Warnings.Select(warning => $"warning: {warning}"));
        var clusters = result.Configuration?.Grid.Clusters ?? ValueList.Create<ClusterOptions>([]);
        return string.Concat(lines.Concat(clusters.Select(Describe)).Select(line => line + "\n"));
    }

    private static string Describe(ClusterOptions cluster) => string.Join(
        ' ',
        cluster.Name,
        JsonSerializer.Serialize(cluster.Connection),
        cluster.Convention.Name,
        $"selector={cluster.LabelSelector}",
        $"{(cluster.SetNameSource.IsLabel ? "label" : "annotation")}={cluster.SetNameSource.Key}",
        $"namespaces=[{string.Join(',', cluster.Namespaces)}] cidrs=[{string.Join(',', cluster.AllowedCidrs)}]",
        $"sets={cluster.MaxSets} nets={cluster.MaxNets} hold={cluster.MassRemovalHold} stale={cluster.StaleAfter} {cluster.OnRemoval}");
}
