using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration.Yaml;
using F = KubePolicySemaphore.Silo.Configuration.ClusterFields;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Reads cluster entries, merged with <c>defaults</c>.</summary>
internal sealed class ClusterReader(FaultSink faults, MappingNode? defaults)
{
    private static readonly MappingNode None = new(default, []);

    /// <summary>Tells what is wrong in <c>defaults</c> themselves, once, and not again for every entry.</summary>
    public void CheckDefaults()
    {
        if (defaults is null)
            return;
        var at = faults.At(GridFields.Defaults);
        FieldReader.CheckKeys(defaults, F.All.Select(field => field.Name).Where(name => name != F.Name), at);
        CheckAlternatives(defaults, at);
        F.All.Read(defaults, at, new ClusterDraft());
    }

    /// <summary>Reads the entry at <paramref name="index"/>; what is faulty in it is told, and left at its default.</summary>
    public ClusterOptions Read(MappingNode entry, int index)
    {
        var name = entry.Find(F.Name) as ScalarNode;
        var at = faults.At(name is null ? $"clusters[{index}]" : $"clusters[{index}] {SafeText.Quote(name.Text)}");
        if (name is null)
            at.Add(entry.Origin, "name is missing");
        FieldReader.CheckKeys(entry, F.All.Select(field => field.Name), at);
        CheckAlternatives(entry, at);

        var inherited = F.All.Read(Inherited(entry), new FaultSink(), new ClusterDraft());
        var options = F.All.Read(entry, at, inherited).Complete();
        CheckConnection(entry, at);
        if (options.AllowedCidrs.Count == 0 && Find(entry, F.AllowedCidrs) is null)
            at.Warn(entry.Origin, "has no allowedCidrs: it can open policies for any address");
        if (options.Connection.InsecureSkipTlsVerify)
            at.Warn(entry.Origin, "insecureSkipTlsVerify: the API server's certificate is not verified");
        return options;
    }

    /// <summary>The defaults that hold for this entry: without those that it replaces by an alternative of its own.</summary>
    private MappingNode Inherited(MappingNode entry)
    {
        var replaced = F.Alternatives.Where(group => group.Any(name => entry.Find(name) is not null)).SelectMany(group => group);
        return defaults is null ? None : new(defaults.Origin, [.. defaults.Fields.Where(field => field.Key.Text != F.Name && !replaced.Contains(field.Key.Text))]);
    }

    private ConfigurationNode? Find(MappingNode entry, string name) => entry.Find(name) ?? Inherited(entry).Find(name);

    private static void CheckAlternatives(MappingNode mapping, FaultSink at)
    {
        foreach (var group in F.Alternatives)
        {
            var given = group.Where(name => mapping.Find(name) is not null).ToArray();
            if (given.Length > 1)
                at.Add(mapping.Find(given[1])!.Origin, $"{string.Join(" and ", given)} exclude each other: give one");
        }
    }

    private void CheckConnection(MappingNode entry, FaultSink at)
    {
        var byUrl = Find(entry, F.ApiUrl) is not null;
        if (!byUrl && Find(entry, F.Kubeconfig) is null)
            at.Add(entry.Origin, "does not say how to reach the cluster: give kubeconfig, or apiUrl");

        string[] needsUrl = [F.CaFile, F.CaData, F.CaUrl, F.CaSha256, F.TokenFile];
        string[] needsKubeconfig = [F.Context, F.AllowExec];
        foreach (var name in byUrl ? needsKubeconfig : needsUrl)
        {
            // Only the entry's own: defaults may serve entries of both kinds.
            if (entry.Find(name) is { } node)
                at.Add(node.Origin, $"{name} goes with {(byUrl ? F.Kubeconfig : F.ApiUrl)} only");
        }

        if (Find(entry, F.CaSha256) is { } pin && Find(entry, F.CaUrl) is null && byUrl)
            at.Add(pin.Origin, $"{F.CaSha256} goes with {F.CaUrl} only");
    }
}
