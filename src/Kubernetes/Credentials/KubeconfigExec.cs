using KubePolicySemaphore.Grains.Configuration;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>The exec plugin of a kubeconfig's user.</summary>
internal sealed record KubeconfigExec(
    string Command, ValueList<string> Arguments, ValueList<KeyValuePair<string, string>> Environment, string ApiVersion)
{
    // Arguments and environment may hold secrets.
    public override string ToString() => Command;
}
