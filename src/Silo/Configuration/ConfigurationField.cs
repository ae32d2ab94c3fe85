using System.Text.Json.Nodes;
using KubePolicySemaphore.Silo.Configuration.Syntax;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>A field of a mapping: the one place that the parser, the JSON Schema and the documentation read.</summary>
/// <typeparam name="TTarget">What a read value is put into.</typeparam>
internal sealed class ConfigurationField<TTarget>
{
    private readonly Func<ConfigurationNode, FaultSink, TTarget, TTarget> _read;

    private ConfigurationField(string name, JsonObject schema, Func<ConfigurationNode, FaultSink, TTarget, TTarget> read)
    {
        Name = name;
        Schema = schema;
        _read = read;
    }

    public string Name { get; }

    /// <summary>JSON Schema with description and default.</summary>
    public JsonObject Schema { get; }

    /// <summary>Reads the value into the target; a faulty one is told and leaves the target as it was.</summary>
    public TTarget Read(ConfigurationNode node, FaultSink faults, TTarget target) => _read(node, faults.At(Name), target);

    public static ConfigurationField<TTarget> Of<TValue>(
        string name, ValueSyntax<TValue> syntax, Func<TTarget, TValue, TTarget> set, string description, JsonNode? defaultValue = null)
    {
        var schema = syntax.Schema();
        schema["description"] = description;
        if (defaultValue is not null)
            schema["default"] = defaultValue;
        return new(name, schema, (node, faults, target) => syntax.TryRead(node, faults, out var value) ? set(target, value) : target);
    }
}
