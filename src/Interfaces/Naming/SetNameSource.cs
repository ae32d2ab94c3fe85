namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>Where a pod's set name stands: in an annotation or in a label of that key.</summary>
public sealed record SetNameSource
{
    private SetNameSource(string key, bool isLabel)
    {
        Key = key;
        IsLabel = isLabel;
    }

    /// <summary>Key of the annotation or label.</summary>
    public string Key { get; }

    /// <summary>True for a label, false for an annotation.</summary>
    public bool IsLabel { get; }

    /// <summary>The set name stands in this annotation.</summary>
    public static SetNameSource Annotation(string key) => new(key, isLabel: false);

    /// <summary>The set name stands in this label.</summary>
    public static SetNameSource Label(string key) => new(key, isLabel: true);
}
