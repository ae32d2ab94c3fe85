using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration.Syntax;

/// <summary>How the values of a field are written: read from the file, and described in the JSON Schema.</summary>
internal abstract class ValueSyntax<T>
{
    /// <summary>Reads a value; false when it was faulty, which has then been told to the sink.</summary>
    public abstract bool TryRead(ConfigurationNode node, FaultSink faults, [MaybeNullWhen(false)] out T value);

    /// <summary>The JSON Schema of such values.</summary>
    public abstract JsonObject Schema();
}
