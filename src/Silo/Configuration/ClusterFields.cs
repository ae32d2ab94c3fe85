using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Silo.Configuration.Syntax;
using Field = KubePolicySemaphore.Silo.Configuration.ConfigurationField<KubePolicySemaphore.Silo.Configuration.ClusterDraft>;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>The fields of a cluster entry; all but the name may stand in <c>defaults</c> too.</summary>
internal static class ClusterFields
{
    public const string Name = "name";
    public const string Kubeconfig = "kubeconfig";
    public const string Context = "context";
    public const string ApiUrl = "apiUrl";
    public const string CaFile = "caFile";
    public const string CaData = "caData";
    public const string CaUrl = "caUrl";
    public const string CaSha256 = "caSha256";
    public const string TokenFile = "tokenFile";
    public const string AllowExec = "allowExec";
    public const string InsecureSkipTlsVerify = "insecureSkipTlsVerify";
    public const string LabelSelector = "labelSelector";
    public const string SetNameAnnotation = "networkSetNameAnnotation";
    public const string SetNameLabel = "networkSetNameLabel";
    public const string AllowedCidrs = "allowedCidrs";

    private static readonly ClusterOptions Standard = new ClusterDraft().Complete();

    /// <summary>
    /// Of each group at most one may be given. An entry that gives one drops the others that <c>defaults</c> give.
    /// </summary>
    public static IReadOnlyList<string[]> Alternatives { get; } =
        [[Kubeconfig, ApiUrl], [CaFile, CaData, CaUrl], [SetNameAnnotation, SetNameLabel]];

    public static IReadOnlyList<Field> All { get; } =
    [
        Field.Of(Name, Syntaxes.DnsLabel, (draft, value) => draft.With(o => o with { Name = value }),
            "Name of the remote cluster, unique in this file: it begins the names of the cluster's objects in Calico."),
        Field.Of(Kubeconfig, Syntaxes.Text, (draft, value) => draft.Connect(c => c with { Kubeconfig = value }),
            "Path of a kubeconfig file. Not together with apiUrl."),
        Field.Of(Context, Syntaxes.Text, (draft, value) => draft.Connect(c => c with { Context = value }),
            "Context in the kubeconfig; its current one when absent."),
        Field.Of(ApiUrl, Syntaxes.ApiUrl, (draft, value) => draft.Connect(c => c with { ApiUrl = value }),
            "URL of the API server, https."),
        Field.Of(CaFile, Syntaxes.Text, (draft, value) => draft.Connect(c => c with { CaFile = value }),
            "Path of a PEM file with the API server's CA; read again when it changes. Not together with caData or caUrl."),
        Field.Of(CaData, Syntaxes.Base64Text, (draft, value) => draft.Connect(c => c with { CaData = value }),
            "The API server's CA in base64."),
        Field.Of(CaUrl, Syntaxes.HttpsUrl, (draft, value) => draft.Connect(c => c with { CaUrl = value }),
            "https URL of the API server's CA."),
        Field.Of(CaSha256, Syntaxes.Sha256, (draft, value) => draft.Connect(c => c with { CaSha256 = value }),
            "SHA-256 in hex of what caUrl must answer."),
        Field.Of(TokenFile, Syntaxes.Text, (draft, value) => draft.Connect(c => c with { TokenFile = value }),
            "Path of a bearer token; read again when it changes, and after a 401."),
        Field.Of(AllowExec, Syntaxes.Boolean, (draft, value) => draft.Connect(c => c with { AllowExec = value }),
            "Whether exec plugins of the kubeconfig may be run.", false),
        Field.Of(InsecureSkipTlsVerify, Syntaxes.Boolean, (draft, value) => draft.Connect(c => c with { InsecureSkipTlsVerify = value }),
            "Whether the API server's certificate is left unverified. Whoever is on the way can then open your policies.", false),
        Field.Of("convention", Syntaxes.Convention, (draft, value) => draft.With(o => o with { Convention = value }),
            "How sets are told from pods, and named and labelled in Calico.", Standard.Convention.Name),
        Field.Of(LabelSelector, Syntaxes.Selector, (draft, value) => draft with { LabelSelector = value },
            "Selects the pods that are watched; by default what the convention says."),
        Field.Of(SetNameAnnotation, Syntaxes.LabelKey, (draft, value) => draft with { SetNameSource = SetNameSource.Annotation(value) },
            "Annotation of a pod with its set's name; by default what the convention says. Not together with networkSetNameLabel."),
        Field.Of(SetNameLabel, Syntaxes.LabelKey, (draft, value) => draft with { SetNameSource = SetNameSource.Label(value) },
            "Label of a pod with its set's name; by default what the convention says."),
        Field.Of("namespaces", new ListSyntax<string>(Syntaxes.DnsLabel), (draft, value) => draft.With(o => o with { Namespaces = value }),
            "Namespaces to watch; all when absent."),
        Field.Of(AllowedCidrs, new ListSyntax<Interfaces.Addresses.Cidr>(Syntaxes.Cidrs), (draft, value) => draft.With(o => o with { AllowedCidrs = value }),
            "Ranges of the cluster's own pods; addresses outside them are refused. Any address counts when absent."),
        Field.Of("includeHostNetwork", Syntaxes.Boolean, (draft, value) => draft.With(o => o with { IncludeHostNetwork = value }),
            "Whether pods on their node's network count, with the node's address.", Standard.IncludeHostNetwork),
        Field.Of("maxSets", Syntaxes.Count, (draft, value) => draft.With(o => o with { MaxSets = value }),
            "More sets than this are refused.", Standard.MaxSets),
        Field.Of("maxNets", Syntaxes.Count, (draft, value) => draft.With(o => o with { MaxNets = value }),
            "More nets than this, summed over the cluster's sets, are refused.", Standard.MaxNets),
        Field.Of("dryRun", Syntaxes.Boolean, (draft, value) => draft.With(o => o with { DryRun = value }),
            "Whether nothing is written for this cluster.", Standard.DryRun),
        Field.Of("massRemovalHold", Syntaxes.Wait, (draft, value) => draft.With(o => o with { MassRemovalHold = value }),
            "How long a list that takes away more than half of the addresses is held back; 0 turns it off.",
            GoDuration.Format(Standard.MassRemovalHold)),
        Field.Of("staleAfter", Syntaxes.WaitOrNever, (draft, value) => draft.With(o => o with { StaleAfter = value }),
            "After so long without contact the cluster's sets go.", "never"),
        Field.Of("onRemoval", Syntaxes.Enumeration<OnRemoval>(), (draft, value) => draft.With(o => o with { OnRemoval = value }),
            "What becomes of the sets when the entry leaves this file.", Standard.OnRemoval.ToString()),
    ];
}
