using KubePolicySemaphore.Silo.Configuration.Syntax;
using Field = KubePolicySemaphore.Silo.Configuration.ConfigurationField<KubePolicySemaphore.Silo.Configuration.LocalOptions>;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>The fields of <c>local</c>.</summary>
internal static class LocalFields
{
    /// <summary>The Calico API is found by discovery.</summary>
    public const string Auto = "auto";

    public static IReadOnlyList<Field> All { get; } =
    [
        Field.Of("kubeconfig", Syntaxes.Text, (local, value) => local with { Connection = local.Connection with { Kubeconfig = value } },
            "Path of a kubeconfig file; in-cluster when absent."),
        Field.Of("context", Syntaxes.Text, (local, value) => local with { Connection = local.Connection with { Context = value } },
            "Context in the kubeconfig; its current one when absent."),
        Field.Of("allowExec", Syntaxes.Boolean, (local, value) => local with { Connection = local.Connection with { AllowExec = value } },
            "Whether exec plugins of the kubeconfig may be run.", false),
        Field.Of("calicoApi", Syntaxes.Words(Auto, "crd.projectcalico.org/v1", "projectcalico.org/v3"), (local, value) => local with { CalicoApi = value },
            "The API that serves GlobalNetworkSets; auto finds it by discovery.", Auto),
    ];
}
