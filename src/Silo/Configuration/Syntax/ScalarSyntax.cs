using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration.Syntax;

/// <summary>Reads a text; a false result carries what is wrong, to stand behind the text in quotes.</summary>
internal delegate bool TextReader<T>(string text, out T value, out string fault);

/// <summary>A value that is one text; <paramref name="mask"/> hides what must not be printed when the text is refused.</summary>
internal sealed class ScalarSyntax<T>(TextReader<T> read, string schemaType, string? pattern = null, IReadOnlyList<string>? values = null, int? minimum = null,
    Func<string, string>? mask = null)
    : ValueSyntax<T>
{
    public override bool TryRead(ConfigurationNode node, FaultSink faults, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode scalar)
        {
            faults.Add(node.Origin, $"must be one value, not a {(node is SequenceNode ? "list" : "mapping")}");
            return false;
        }

        if (read(scalar.Text, out value!, out var fault))
            return true;
        faults.Add(scalar.Origin, $"{SafeText.Quote(mask?.Invoke(scalar.Text) ?? scalar.Text)} {fault}");
        return false;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = schemaType };
        if (pattern is not null)
            schema["pattern"] = pattern;
        if (values is not null)
            schema["enum"] = new JsonArray([.. values.Select(word => JsonValue.Create(word))]);
        if (minimum is not null)
            schema["minimum"] = minimum;
        return schema;
    }
}
