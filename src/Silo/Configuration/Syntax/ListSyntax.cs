using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration.Syntax;

/// <summary>A list of values of one syntax, each once.</summary>
internal sealed class ListSyntax<T>(ValueSyntax<T> item) : ValueSyntax<ValueList<T>>
{
    public override bool TryRead(ConfigurationNode node, FaultSink faults, [MaybeNullWhen(false)] out ValueList<T> value)
    {
        value = null;
        if (node is not SequenceNode sequence)
        {
            faults.Add(node.Origin, "must be a list");
            return false;
        }

        var items = new List<T>();
        var good = true;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            if (!item.TryRead(sequence.Items[i], faults.AtIndex(i), out var read))
            {
                good = false;
            }
            else if (items.Contains(read))
            {
                faults.AtIndex(i).Add(sequence.Items[i].Origin, $"{SafeText.Quote($"{read}")} stands here twice");
                good = false;
            }
            else
            {
                items.Add(read);
            }
        }

        value = good ? new ValueList<T>([.. items]) : null;
        return good;
    }

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema(), ["uniqueItems"] = true };
}
