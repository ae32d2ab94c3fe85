using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Reads a mapping by a table of fields.</summary>
internal static class FieldReader
{
    /// <summary>Reads every field that the table has; those it has not, and those given twice, are told by <see cref="CheckKeys"/>.</summary>
    public static T Read<T>(this IReadOnlyList<ConfigurationField<T>> fields, MappingNode mapping, FaultSink faults, T target) =>
        fields.Aggregate(target, (result, field) =>
            mapping.Find(field.Name) is { } node ? field.Read(node, faults, result) : result);

    /// <summary>Tells keys that are unknown or given twice.</summary>
    public static void CheckKeys(MappingNode mapping, IEnumerable<string> known, FaultSink faults)
    {
        var names = known.ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in mapping.Fields)
        {
            if (!names.Contains(key.Text))
                faults.Add(key.Origin, $"unknown field {SafeText.Quote(key.Text)}{Suggestion.For(key.Text, names)}");
            else if (!seen.Add(key.Text))
                faults.Add(key.Origin, $"{key.Text} stands here twice");
        }
    }
}
