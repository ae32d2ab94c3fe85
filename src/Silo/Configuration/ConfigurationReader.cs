using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration.Yaml;
using YamlDotNet.Core;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Makes a configuration of a file's text and the flags, and tells all faults at once.</summary>
internal sealed class ConfigurationReader
{
    private readonly FaultSink _faults = new();
    private readonly ConfigurationFlags _flags;

    private ConfigurationReader(ConfigurationFlags flags) => _flags = flags;

    /// <param name="fileName">What the faults call the file.</param>
    /// <param name="text">The file's text, null when the flags are all.</param>
    /// <param name="flags">What the command line says.</param>
    public static ConfigurationResult Read(string fileName, string? text, ConfigurationFlags flags)
    {
        var reader = new ConfigurationReader(flags);
        SiloConfiguration configuration;
        try
        {
            configuration = reader.Read(text);
        }
        catch (YamlException exception)
        {
            // Not before the parser's end is known what else is wrong.
            return ConfigurationResult.Failed($"{fileName}:{exception.Start.Line}: {SafeText.Escape(exception.Message)}");
        }

        var faults = reader._faults.Faults;
        return new()
        {
            Configuration = faults.Count == 0 ? configuration : null,
            Faults = [.. faults.Select(fault => fault.Format(fileName))],
            Warnings = [.. reader._faults.Warnings.Select(warning => warning.Format(fileName))],
        };
    }

    private SiloConfiguration Read(string? text)
    {
        var root = text is null ? new MappingNode(default, []) : ReadRoot(text);
        var configuration = new SiloConfiguration();
        if (root is not null)
        {
            FieldReader.CheckKeys(root, GridFields.Names, _faults);
            configuration = GridFields.All.Read(root, _faults, configuration);
            configuration = configuration with { Local = ReadLocal(root) };
            configuration = configuration with { Grid = configuration.Grid with { Clusters = [.. ReadClusters(root, configuration.AmbiguousNames)] } };
        }

        return Override(configuration);
    }

    private MappingNode? ReadRoot(string text)
    {
        var root = YamlTree.Parse(text);
        if (root is MappingNode mapping)
            return mapping;
        _faults.Add(root?.Origin ?? default, root is null or { IsNull: true } ? "the file is empty; for no clusters at all write clusters: []" : "the file must be a mapping");
        return null;
    }

    private LocalOptions ReadLocal(MappingNode root)
    {
        var local = new LocalOptions();
        if (FindMapping(root, GridFields.Local) is not { } mapping)
            return local;
        var at = _faults.At(GridFields.Local);
        FieldReader.CheckKeys(mapping, LocalFields.All.Select(field => field.Name), at);
        return LocalFields.All.Read(mapping, at, local);
    }

    private List<ClusterOptions> ReadClusters(MappingNode root, AmbiguousNames ambiguousNames)
    {
        var entries = FindEntries(root);
        var reader = new ClusterReader(_faults, FindMapping(root, GridFields.Defaults));
        reader.CheckDefaults();
        var clusters = new List<ClusterOptions>();
        var names = new ClusterNames(_faults, ambiguousNames);
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is not MappingNode entry)
            {
                _faults.At($"clusters[{i}]").Add(entries[i].Origin, "must be a mapping");
                continue;
            }

            clusters.Add(reader.Read(entry, i));
            if (entry.Find(ClusterFields.Name) is ScalarNode name)
                names.Add(name, i);
        }

        names.CheckAmbiguity();
        return clusters;
    }

    private IReadOnlyList<ConfigurationNode> FindEntries(MappingNode root)
    {
        var given = root.Fields.FirstOrDefault(field => field.Key.Text == GridFields.Clusters);
        if (_flags.Target is { } target)
        {
            if (given.Key is not null)
                _faults.Add(given.Key.Origin, $"clusters cannot be given together with the flag {target.Fields[0].Key.Origin.Flag}");
            return [target];
        }

        switch (given.Value)
        {
            case SequenceNode sequence:
                return sequence.Items;
            case null:
                _faults.Add(default, "clusters is missing; for no clusters at all write clusters: []");
                break;
            default:
                _faults.Add(given.Key.Origin, given.Value.IsNull ? "clusters is empty; for no clusters at all write clusters: []" : "clusters must be a list");
                break;
        }

        return [];
    }

    private MappingNode? FindMapping(MappingNode root, string name)
    {
        var node = root.Find(name);
        if (node is not null and not MappingNode)
            _faults.At(name).Add(node.Origin, "must be a mapping");
        return node as MappingNode;
    }

    private SiloConfiguration Override(SiloConfiguration read) => read with
    {
        // The file's context means nothing in another kubeconfig.
        Local = _flags.LocalKubeconfig is { } kubeconfig
            ? read.Local with { Connection = read.Local.Connection with { Kubeconfig = kubeconfig, Context = null } }
            : read.Local,
        Grid = read.Grid with
        {
            ServiceId = _flags.ServiceId,
            DryRun = _flags.DryRun,
            FullStoreResyncPeriod = _flags.FullStoreResyncPeriod ?? read.Grid.FullStoreResyncPeriod,
            PodResyncPeriod = _flags.PodResyncPeriod ?? read.Grid.PodResyncPeriod,
        },
    };
}
