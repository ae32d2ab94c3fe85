using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Tests.CommandLine;

public sealed class FlagParserTests
{
    [Theory]
    [InlineData("-log-level", "debug")]
    [InlineData("--log-level", "debug")]
    [InlineData("-log-level=debug")]
    [InlineData("--log-level=debug")]
    public void Parse_EveryForm_GivesTheValue(params string[] arguments) =>
        Assert.Equal("debug", Parse(arguments).Text(OperatorFlags.LogLevel));

    [Theory]
    [InlineData("-dry-run", true)]
    [InlineData("--dry-run=true", true)]
    [InlineData("--dry-run=false", false)]
    [InlineData("-log-format=json", false)]
    public void Parse_Switch_NeedsNoValue(string argument, bool expected) =>
        Assert.Equal(expected, Parse(argument).IsOn(OperatorFlags.DryRun));

    [Fact]
    public void Parse_FlagAndEnvironment_FlagWins()
    {
        var environment = new Dictionary<string, string?> { ["KPS_SILO_PORT"] = "1", ["KPS_GATEWAY_PORT"] = "2", ["KPS_LOG_LEVEL"] = "" };

        var flags = FlagParser.Parse(OperatorFlags.All, ["-silo-port", "3"], environment.GetValueOrDefault);

        Assert.Equal(3, flags.Number(OperatorFlags.SiloPort));
        Assert.Equal(2, flags.Number(OperatorFlags.GatewayPort));
        Assert.Equal("info", flags.Text(OperatorFlags.LogLevel));
    }

    [Theory]
    [InlineData("-confg: unknown flag; did you mean \"config\"?", "-confg=x")]
    [InlineData("---config: unknown flag", "---config", "x")]
    [InlineData("--config: needs a value: FILE", "--config")]
    [InlineData("-log-level: \"loud\" is not trace or debug or info or warn or error", "-log-level", "loud")]
    [InlineData("--pod-resync-period: \"1\" is not a duration, such as 1h30m", "--pod-resync-period=1")]
    [InlineData("-http-address: \"8080\" is not ADDRESS:PORT, such as 127.0.0.1:8081", "-http-address", "8080")]
    [InlineData("-silo-port: \"65536\" is not a port, 0 to 65535", "-silo-port", "65536")]
    [InlineData("--dry-run: \"maybe\" is not true or false", "--dry-run=maybe")]
    public void Parse_FaultyFlag_IsNamed(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_FaultyEnvironment_NamesTheVariable()
    {
        var fault = Assert.Throws<UsageException>(() => FlagParser.Parse(OperatorFlags.All, [], name => name == "KPS_SILO_PORT" ? "x" : null));
        Assert.Equal("KPS_SILO_PORT: \"x\" is not a port, 0 to 65535", fault.Message);
    }

    [Fact]
    public void Load_OriginalOperatorsFlags_MakeOneCluster()
    {
        var flags = ConfigurationFlagReader.Read(Parse(
            "-target-cluster-name", "blue", "-remote-api-url", "https://blue.example", "-remote-ca-url", "https://ca.example/ca",
            "-remote-sa-token-path", "/token", "-label-selector", "a=b", "-networkset-name-annotation", "x/y", "-pod-resync-period", "5m"));

        var grid = ConfigurationFlagReader.Load(flags).Configuration!.Grid;

        var cluster = Assert.Single(grid.Clusters);
        Assert.Equal(("blue", "a=b", "x/y"), (cluster.Name, cluster.LabelSelector, cluster.SetNameSource.Key));
        Assert.Equal(new Uri("https://blue.example"), cluster.Connection.ApiUrl);
        Assert.Equal("/token", cluster.Connection.TokenFile);
        Assert.Equal(TimeSpan.FromMinutes(5), grid.PodResyncPeriod);
    }

    [Theory]
    [InlineData("no cluster is configured: give -config FILE")]
    [InlineData("-remote-api-url: \"ftp://x\" is not an https URL", "-target-cluster-name", "blue", "-remote-api-url", "ftp://x")]
    [InlineData("--target-cluster-name: does not say how to reach", "--target-cluster-name", "blue")]
    [InlineData("-target-kube-config: name is missing", "-target-kube-config", "x")]
    public void Load_IncompleteFlags_SaysWhatToGive(string message, params string[] arguments) => Assert.StartsWith(
        message,
        Assert.Throws<UsageException>(() => ConfigurationFlagReader.Load(ConfigurationFlagReader.Read(Parse(arguments)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_TargetFlagsAndClusters_ExcludeEachOther()
    {
        var flags = ConfigurationFlagReader.Read(Parse("-target-cluster-name", "blue", "-target-kube-config", "x", "-config", "c.yaml"));

        var both = ConfigurationReader.Read("c.yaml", "clusters: []", flags);
        var rest = ConfigurationReader.Read("c.yaml", "removalGracePeriod: 1m", flags);

        Assert.Equal(["c.yaml:1: clusters cannot be given together with the flag -target-cluster-name"], both.Faults);
        Assert.Equal(TimeSpan.FromMinutes(1), rest.Configuration!.Grid.RemovalGracePeriod);
    }

    private static FlagValues Parse(params string[] arguments) => FlagParser.Parse(OperatorFlags.All, arguments, _ => null);
}
