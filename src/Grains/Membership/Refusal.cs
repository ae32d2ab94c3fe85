namespace KubePolicySemaphore.Grains.Membership;

/// <summary>A pod that was skipped, or an address that was refused, said once when it begins.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Reason">One word, as in the metrics.</param>
/// <param name="Value">What stood there, as it came: not to be printed unescaped.</param>
public sealed record Refusal(string Namespace, string Pod, string Field, string Reason, string Value);
