using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Pods;

/// <summary>A pod within a <see cref="PodBatch"/>, without copies.</summary>
public readonly ref struct PodView
{
    private readonly PodBatch _batch;
    private readonly PodBatch.Row _row;

    internal PodView(PodBatch batch, PodBatch.Row row)
    {
        _batch = batch;
        _row = row;
    }

    public PodChange Change => _row.Change;

    public PodTraits Traits => _row.Traits;

    public ReadOnlySpan<char> Namespace => _batch.Text(_row.Namespace);

    public ReadOnlySpan<char> Name => _batch.Text(_row.Name);

    /// <summary>The set's name; empty when the pod has none.</summary>
    public ReadOnlySpan<char> SetName => _batch.Text(_row.SetName);

    /// <summary><c>metadata.uid</c>, or <see cref="Guid.Empty"/>.</summary>
    public Guid Uid => _row.Uid;

    /// <summary><c>metadata.resourceVersion</c>, 0 when unknown.</summary>
    public ulong ResourceVersion => _row.ResourceVersion;

    /// <summary>The pod's addresses, each once.</summary>
    public ReadOnlySpan<PodAddress> Addresses => _batch.Addresses(_row);

    /// <summary>How many texts stood in the place of an address and were none.</summary>
    public int RefusedCount => _row.RefusedCount;

    /// <summary>One of those texts, as it came: not to be printed unescaped.</summary>
    public ReadOnlySpan<char> Refused(int index) => _batch.Refused(_row, index);
}
