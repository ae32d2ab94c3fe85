using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>
/// How far one stream has got with each cluster. A watcher that comes up elsewhere counts from 1 again, which its later
/// time tells; so every few rounds all is asked for, and what is old is left out here.
/// </summary>
internal sealed class SeenEvents
{
    private const int RoundsBetweenFullReads = 5;

    private readonly Dictionary<string, (long Sequence, DateTimeOffset Time, int Rounds)> _clusters = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The sequence to ask after.</summary>
    public long AskAfter(string cluster)
    {
        lock (_lock)
        {
            var (sequence, last, rounds) = _clusters.GetValueOrDefault(cluster);
            _clusters[cluster] = (sequence, last, (rounds + 1) % RoundsBetweenFullReads);
            return rounds == 0 ? 0 : sequence;
        }
    }

    /// <summary>True once for each event; those of one cluster come in order.</summary>
    public bool IsNew(ClusterEvent happened)
    {
        lock (_lock)
        {
            var (sequence, last, rounds) = _clusters.GetValueOrDefault(happened.Cluster);
            // Several events may share a time; within one activation the sequence tells them apart.
            var isNew = happened.Time > last || (happened.Time == last && happened.Sequence > sequence);
            if (isNew)
                _clusters[happened.Cluster] = (happened.Sequence, happened.Time, rounds);
            return isNew;
        }
    }
}
