namespace KubePolicySemaphore.Simulator;

/// <summary>Everything a list or watch selects by: namespace, labels, fields.</summary>
internal sealed class ObjectSelector(string? ns, LabelSelector labels, FieldSelector fields)
{
    private readonly string _prefix = ns is null ? "" : ns + "/";

    /// <summary>Keys of the selected namespace begin with this; empty for all.</summary>
    public string Prefix => _prefix;

    public bool IsFiltered => !labels.IsEverything || !fields.IsEverything;

    public bool Matches(StoredObject candidate) =>
        (ns is null || candidate.Namespace == ns) && labels.Matches(candidate.Labels) && fields.Matches(candidate);
}
