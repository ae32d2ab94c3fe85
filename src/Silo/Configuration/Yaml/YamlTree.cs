using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubePolicySemaphore.Silo.Configuration.Yaml;

/// <summary>Reads YAML into nodes that know their lines, within bounds that no honest file reaches.</summary>
internal sealed class YamlTree
{
    // Aliases make a few lines stand for billions of nodes; this is what a 4 MiB file could hold without any.
    private const long MaxNodes = 1_000_000;
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, (ConfigurationNode Node, long Weight)> _anchors = [];
    private long _nodes;

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The document's root, or null when the text holds none.</summary>
    /// <exception cref="YamlException">The text is not YAML, holds more than one document, or is out of bounds.</exception>
    public static ConfigurationNode? Parse(string text)
    {
        var tree = new YamlTree(text);
        tree._parser.Consume<StreamStart>();
        if (tree._parser.Accept<StreamEnd>(out _))
            return null;
        tree._parser.Consume<DocumentStart>();
        var root = tree.ReadNode(depth: 0);
        tree._parser.Consume<DocumentEnd>();
        if (tree._parser.Accept<DocumentStart>(out var second))
            throw new YamlException(second.Start, second.End, "the file holds more than one document");
        return root;
    }

    private ConfigurationNode ReadNode(int depth)
    {
        var before = _nodes;
        var start = _parser.Current!;
        if (++_nodes > MaxNodes || depth > MaxDepth)
            throw new YamlException(start.Start, start.End, "the file is nested or aliased beyond reason");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Expand(alias);

        var origin = new Origin((int)start.Start.Line);
        ConfigurationNode node = start switch
        {
            Scalar => ReadScalar(origin),
            SequenceStart => ReadSequence(origin, depth),
            MappingStart => ReadMapping(origin, depth),
            _ => throw new YamlException(start.Start, start.End, "not a value"),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor] = (node, _nodes - before);
        return node;
    }

    private ConfigurationNode Expand(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
            throw new YamlException(alias.Start, alias.End, $"the alias *{SafeText.Escape(alias.Value.Value)} has no anchor");
        _nodes += anchored.Weight;
        return _nodes > MaxNodes
            ? throw new YamlException(alias.Start, alias.End, "the file is nested or aliased beyond reason")
            : anchored.Node;
    }

    private ScalarNode ReadScalar(Origin origin)
    {
        var scalar = _parser.Consume<Scalar>();
        return new(origin, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
    }

    private SequenceNode ReadSequence(Origin origin, int depth)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<ConfigurationNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new(origin, items);
    }

    private MappingNode ReadMapping(Origin origin, int depth)
    {
        _parser.Consume<MappingStart>();
        var fields = new List<(ScalarNode, ConfigurationNode)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (ReadNode(depth + 1) is not ScalarNode key)
                throw new YamlException(at.Start, at.End, "a key must be a word");
            fields.Add((key, ReadNode(depth + 1)));
        }

        return new(origin, fields);
    }
}
