namespace KubePolicySemaphore.Silo.Configuration.Yaml;

/// <summary>A value of the configuration and where it was given.</summary>
internal abstract record ConfigurationNode(Origin Origin)
{
    /// <summary>True for a value left blank, <c>~</c> or <c>null</c>: the field counts as absent.</summary>
    public virtual bool IsNull => false;
}

/// <summary>A text, number or boolean, as it was written.</summary>
internal sealed record ScalarNode(Origin Origin, string Text, bool IsQuoted) : ConfigurationNode(Origin)
{
    public override bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(Origin Origin, IReadOnlyList<ConfigurationNode> Items) : ConfigurationNode(Origin);

/// <summary>A mapping, its keys in order; duplicates are still in.</summary>
internal sealed record MappingNode(Origin Origin, IReadOnlyList<(ScalarNode Key, ConfigurationNode Value)> Fields) : ConfigurationNode(Origin)
{
    /// <summary>The last value under that key, null when it is absent or null.</summary>
    public ConfigurationNode? Find(string key) => Fields.LastOrDefault(field => field.Key.Text == key) is { Value: { IsNull: false } value } ? value : null;
}
