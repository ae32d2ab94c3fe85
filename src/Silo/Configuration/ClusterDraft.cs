using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>A cluster entry while it is read: what depends on the convention is filled in at the end.</summary>
internal sealed record ClusterDraft
{
    public ClusterOptions Options { get; init; } = new() { Name = "", Connection = new() };

    public string? LabelSelector { get; init; }

    public SetNameSource? SetNameSource { get; init; }

    /// <summary>The entry with the convention's defaults.</summary>
    public ClusterOptions Complete() => Options with
    {
        LabelSelector = LabelSelector ?? Options.Convention.DefaultLabelSelector,
        SetNameSource = SetNameSource ?? Options.Convention.DefaultSource,
    };

    public ClusterDraft With(Func<ClusterOptions, ClusterOptions> change) => this with { Options = change(Options) };

    public ClusterDraft Connect(Func<ConnectionOptions, ConnectionOptions> change) =>
        With(options => options with { Connection = change(options.Connection) });
}
