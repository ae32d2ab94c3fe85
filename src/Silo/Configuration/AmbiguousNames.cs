namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>What to make of two clusters whose sets could have the same object names (<c>p</c> and <c>p-q</c>).</summary>
internal enum AmbiguousNames
{
    /// <summary>They are warned of.</summary>
    Warn,

    /// <summary>They are an error.</summary>
    Refuse,
}
