using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>Takes from the flags what belongs to the configuration.</summary>
internal static class ConfigurationFlagReader
{
    // The original operator's flags, and the fields of a cluster entry that they are.
    private static readonly (string Flag, string Field)[] TargetFields =
    [
        (OperatorFlags.TargetClusterName, ClusterFields.Name),
        (OperatorFlags.TargetKubeConfig, ClusterFields.Kubeconfig),
        (OperatorFlags.RemoteApiUrl, ClusterFields.ApiUrl),
        (OperatorFlags.RemoteCaUrl, ClusterFields.CaUrl),
        (OperatorFlags.RemoteTokenPath, ClusterFields.TokenFile),
        (OperatorFlags.LabelSelector, ClusterFields.LabelSelector),
        (OperatorFlags.SetNameAnnotation, ClusterFields.SetNameAnnotation),
    ];

    /// <exception cref="UsageException">Neither a file nor a cluster's flags are given.</exception>
    public static ConfigurationFlags Read(FlagValues flags)
    {
        var target = TargetFields
            .Select(pair => (pair.Field, Node: flags.FindNode(pair.Flag)))
            .Where(pair => pair.Node is not null)
            .Select(pair => (new ScalarNode(pair.Node!.Origin, pair.Field, IsQuoted: true), (ConfigurationNode)pair.Node))
            .ToArray();
        var path = flags.Find(OperatorFlags.Config);
        if (path is null && target.Length == 0)
        {
            throw new UsageException(
                $"no cluster is configured: give -{OperatorFlags.Config} FILE, or -{OperatorFlags.TargetClusterName} NAME and -{OperatorFlags.TargetKubeConfig} FILE");
        }

        return new()
        {
            Path = path,
            Target = target.Length == 0 ? null : new MappingNode(target[0].Item1.Origin, target),
            LocalKubeconfig = flags.Find(OperatorFlags.LocalKubeConfig),
            FullStoreResyncPeriod = flags.FindDuration(OperatorFlags.FullStoreResyncPeriod),
            PodResyncPeriod = flags.FindDuration(OperatorFlags.PodResyncPeriod),
            ServiceId = flags.Text(OperatorFlags.ServiceId),
            DryRun = flags.IsOn(OperatorFlags.DryRun),
        };
    }

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="UsageException">It is faulty; all faults are in it.</exception>
    public static ConfigurationResult Load(ConfigurationFlags flags)
    {
        var result = ConfigurationFile.Load(flags);
        return result.Configuration is null ? throw new UsageException(result.Faults) : result;
    }
}
