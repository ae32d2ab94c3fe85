using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Options;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Upper_Case", null, "cluster id 'Upper_Case'")]
    [InlineData("ok", "not/ok", "ObjectName 'not/ok'")]
    public void Names_ThatNoObjectCanHave_AreRefused(string clusterId, string? objectName, string message) =>
        Assert.Contains(message, Fault(options => options.ObjectName = objectName, clusterId), StringComparison.Ordinal);

    [Fact]
    public void Faults_OfAllOptions_AreToldAtOnce()
    {
        var fault = Fault(options =>
        {
            options.Namespace = "a.b";
            options.RequestTimeout = TimeSpan.Zero;
            options.KubeconfigContext = "blue";
        }, "ok");

        Assert.Contains("Namespace 'a.b'", fault, StringComparison.Ordinal);
        Assert.Contains("RequestTimeout", fault, StringComparison.Ordinal);
        Assert.Contains("KubeconfigPath is not", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void ClusterId_ThatIsNoName_IsFineWithAnObjectName() =>
        Validate(options => options.ObjectName = "ok", "Upper_Case");

    [Fact]
    public void Provider_NamedInTheConfiguration_TakesItsOptionsFromThere()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orleans:ClusterId"] = "ok",
            ["Orleans:ServiceId"] = "ok",
            ["Orleans:Clustering:ProviderType"] = "Kubernetes",
            ["Orleans:Clustering:Namespace"] = "grid",
            ["Orleans:Clustering:RequestTimeout"] = "00:00:03",
        });
        builder.UseOrleans();
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<KubernetesClusteringOptions>>().Value;

        Assert.Equal(("grid", TimeSpan.FromSeconds(3)), (options.Namespace, options.RequestTimeout));
        Assert.Equal("KubernetesMembershipTable", host.Services.GetRequiredService<IMembershipTable>().GetType().Name);
    }

    [Fact]
    public async Task Kubeconfig_ThatRunsAProgram_IsRefusedUnlessAllowed()
    {
        var marker = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: ['{{{marker}}}'] } } }]
            """);
        await using var services = new ServiceCollection().AddLogging()
            .Configure<ClusterOptions>(options => options.ClusterId = "ok")
            .Configure<KubernetesClusteringOptions>(options => options.KubeconfigPath = kubeconfig)
            .AddKubernetesMembershipTable()
            .BuildServiceProvider();

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => services.GetRequiredService<IMembershipTable>().ReadAllAsync());

        Assert.Contains("AllowExec", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        File.Delete(kubeconfig);
    }

    private static string Fault(Action<KubernetesClusteringOptions> configure, string clusterId) =>
        Assert.Throws<OrleansConfigurationException>(() => Validate(configure, clusterId)).Message;

    private static void Validate(Action<KubernetesClusteringOptions> configure, string clusterId)
    {
        var options = new KubernetesClusteringOptions();
        configure(options);
        new KubernetesClusteringOptionsValidator(
            Microsoft.Extensions.Options.Options.Create(options),
            Microsoft.Extensions.Options.Options.Create(new ClusterOptions { ClusterId = clusterId })).ValidateConfiguration();
    }
}
