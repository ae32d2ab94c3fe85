using System.Diagnostics.CodeAnalysis;
using KubePolicySemaphore.Clustering.Kubernetes;
using Microsoft.Extensions.Configuration;
using Orleans;
using Orleans.Hosting;
using Orleans.Providers;

[assembly: RegisterProvider("Kubernetes", "Clustering", "Silo", typeof(KubernetesClusteringProviderBuilder))]
[assembly: RegisterProvider("Kubernetes", "Clustering", "Client", typeof(KubernetesClusteringProviderBuilder))]

namespace Orleans.Hosting;

/// <summary><c>Orleans:Clustering:ProviderType = Kubernetes</c> in the configuration; the options stand beside it by name.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Orleans makes it, by the attribute above.")]
internal sealed class KubernetesClusteringProviderBuilder : IProviderBuilder<ISiloBuilder>, IProviderBuilder<IClientBuilder>
{
    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.UseKubernetesClustering(options => Bind(options, configurationSection));

    public void Configure(IClientBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.UseKubernetesClustering(options => Bind(options, configurationSection));

    private static void Bind(KubernetesClusteringOptions options, IConfigurationSection section) => section.Bind(options);
}
