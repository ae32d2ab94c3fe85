using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Pods;
using KubePolicySemaphore.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Implements the ports of the grains by the Kubernetes API.</summary>
internal static class KubernetesAdapters
{
    /// <summary>Adds the store of the local cluster and the source of remote pods; nothing is read before it is used.</summary>
    public static IServiceCollection AddKubernetesAdapters(this IServiceCollection services, LocalOptions local) => services
        .AddKubernetesPodSource()
        .AddCalicoNetworkSetStore(_ => new LocalClusterOptions { Connection = local.Connection, CalicoApi = Choice(local.CalicoApi) });

    private static CalicoApiChoice Choice(string calicoApi) => calicoApi switch
    {
        LocalFields.Auto => CalicoApiChoice.Auto,
        "crd.projectcalico.org/v1" => CalicoApiChoice.CrdV1,
        _ => CalicoApiChoice.V3,
    };
}
