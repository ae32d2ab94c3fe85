using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Connections;

/// <summary>
/// A fact that puts a service account where a pod has it. That is a fixed path of the machine, so only in CI, as root,
/// and where there is none.
/// </summary>
public sealed class InClusterFactAttribute : FactAttribute
{
    /// <summary>The path at which every pod finds its account.</summary>
    internal const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public InClusterFactAttribute() => Skip =
        !EnvTestBinaries.Required ? "only with CI=true: it writes below /var/run/secrets"
        : !Environment.IsPrivilegedProcess ? "only as root: it writes below /var/run/secrets"
        : Directory.Exists(AccountFolder) ? "this machine is a pod itself"
        : null;
}
