using System.Text.Json.Nodes;
using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.Clustering.Kubernetes.Telemetry;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>
/// The object of this cluster: reads it, changes it in steps that happen as a whole or not at all, and writes it anew
/// where it has lost what this silo knows (<see cref="TableMemory"/>). Thread-safe.
/// </summary>
internal sealed class ClusterObject(
    OrleansClusterApi api, IOptions<KubernetesClusteringOptions> options, IOptions<ClusterOptions> cluster,
    TimeProvider time, FaultLog faults, MembershipMetrics metrics)
{
    // Silos that write at once meet again and again; each time one of them gets on.
    private const int MaxTries = 20;

    // The API server takes at most 10,000 operations in a patch.
    private const int MaxRemovals = 1_000;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private ClusterTable _known = ClusterTable.Missing;

    private string Name => options.Value.ObjectName ?? cluster.Value.ClusterId;

    /// <summary>The table, in which nothing is missing that this silo knows.</summary>
    public async Task<ClusterTable> ReadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Before the request: what others write while it is under way cannot make the answer look old.
            var known = Known();
            var read = await GetAsync(cancellationToken).ConfigureAwait(false);
            var unversioned = !read.IsMissing && read.StoredVersion is null;
            if (!unversioned && TableMemory.Covers(read, known))
            {
                Remember(read);
                return read;
            }
            var repair = await RepairAsync(read, TableMemory.Join(read, known), known.Version, cancellationToken).ConfigureAwait(false);
            if (repair.Outcome == ApiOutcome.Done)
                continue;
            await PauseAsync("repair", attempt, repair, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The table as it stands, for those who only want to know.</summary>
    public async Task<ClusterTable> GetAsync(CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync(Name, cancellationToken).ConfigureAwait(false);
        return answer.Outcome switch
        {
            ApiOutcome.Done => Read(answer),
            ApiOutcome.Missing => ClusterTable.Missing,
            _ => throw Unexpected("get", answer),
        };
    }

    /// <summary>False when the table is not the one with this ETag any more, or the silo has an entry.</summary>
    public Task<bool> InsertAsync(MembershipEntry entry, string etag, CancellationToken cancellationToken) => ChangeAsync(
        etag, read => !read.Members.ContainsKey(SiloKey.Of(entry.SiloAddress)), read => TablePatch.Insert(read, entry), entry, cancellationToken);

    /// <summary>False when the table is not the one with this ETag any more, or the silo has no entry.</summary>
    public Task<bool> UpdateAsync(MembershipEntry entry, string etag, CancellationToken cancellationToken) => ChangeAsync(
        etag, read => read.Members.ContainsKey(SiloKey.Of(entry.SiloAddress)), read => TablePatch.Update(read, entry), entry, cancellationToken);

    /// <summary>Writes a heartbeat and nothing else; an entry that is gone comes back first.</summary>
    /// <exception cref="KubernetesClusteringException">This silo has no entry, and never had one as far as it knows.</exception>
    public async Task BeatAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await api.PatchAsync(Name, TablePatch.Alive(entry), cancellationToken).ConfigureAwait(false);
            if (answer.Outcome == ApiOutcome.Done)
                return;
            if (answer.Outcome != ApiOutcome.Conflict)
            {
                var table = await ReadAsync(cancellationToken).ConfigureAwait(false);
                if (!table.Members.ContainsKey(SiloKey.Of(entry.SiloAddress)))
                    throw new KubernetesClusteringException($"silo {entry.SiloAddress} has no entry in {OrleansClusterApi.Plural} \"{Name}\"");
            }
            await PauseAsync("heartbeat", attempt, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes entries of dead silos of which nothing was heard since then.</summary>
    public async Task RemoveDeadAsync(DateTime before, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var read = await ReadAsync(cancellationToken).ConfigureAwait(false);
            var defunct = read.Members.Where(member => IsDefunct(member.Value, before)).Select(member => member.Key).Take(MaxRemovals).ToList();
            if (defunct.Count == 0)
                return;
            var answer = await api.PatchAsync(Name, TablePatch.Remove(read, defunct), cancellationToken).ConfigureAwait(false);
            if (answer.Outcome == ApiOutcome.Done)
                attempt = 0;
            else
                await PauseAsync("clean-up", attempt, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the object, and forgets it.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var answer = await api.DeleteAsync(Name, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome is not (ApiOutcome.Done or ApiOutcome.Missing))
            throw Unexpected("delete", answer);
        lock (_gate)
            _known = ClusterTable.Missing;
    }

    private async Task<bool> ChangeAsync(
        string etag, Predicate<ClusterTable> holds, Func<ClusterTable, JsonArray> patch, MembershipEntry entry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var read = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.ETag != etag || !holds(read))
                return false;
            var answer = read.IsMissing
                ? await CreateAsync(read.With(entry) with { StoredVersion = read.Version + 1 }, cancellationToken).ConfigureAwait(false)
                : await api.PatchAsync(Name, patch(read), cancellationToken).ConfigureAwait(false);
            if (answer.Outcome == ApiOutcome.Done)
            {
                Remember(Written(answer, read.Version + 1));
                return true;
            }
            await PauseAsync("change", attempt, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ApiAnswer> RepairAsync(ClusterTable read, ClusterTable wanted, int known, CancellationToken cancellationToken)
    {
        faults.LogRepairing(read.Version, known, wanted.Version);
        var answer = read.IsMissing
            ? await CreateAsync(wanted, cancellationToken).ConfigureAwait(false)
            : await api.PatchAsync(Name, TablePatch.Replace(read, wanted, cluster.Value.ClusterId), cancellationToken).ConfigureAwait(false);
        if (answer.Outcome == ApiOutcome.Done)
            Written(answer, wanted.Version);
        metrics.Count("Repair", answer.Outcome == ApiOutcome.Done ? OperationResult.Success : OperationResult.LostRace);
        return answer;
    }

    private Task<ApiAnswer> CreateAsync(ClusterTable table, CancellationToken cancellationToken) =>
        api.CreateAsync(Name, TableJson.Write(Name, cluster.Value.ClusterId, table), cancellationToken);

    private ClusterTable Read(ApiAnswer answer)
    {
        var table = TableJson.Read(answer.Object);
        if (table.ClusterId is not null && table.ClusterId != cluster.Value.ClusterId)
            throw new KubernetesClusteringException(
                $"{OrleansClusterApi.Plural} \"{Name}\" belongs to Orleans cluster '{table.ClusterId}', not to '{cluster.Value.ClusterId}': give one of them another ObjectName");
        faults.Unreadable(table);
        return table;
    }

    // A CRD with another schema drops fields without a word.
    private ClusterTable Written(ApiAnswer answer, int version)
    {
        var table = Read(answer);
        return table.StoredVersion == version
            ? table
            : throw new KubernetesClusteringException(
                $"the API server took a change of {OrleansClusterApi.Plural} \"{Name}\" but did not keep it: its CRD is not the one of this library, apply that");
    }

    private ClusterTable Known()
    {
        lock (_gate)
            return _known;
    }

    // Answers may overtake each other: an older one never replaces a newer one.
    private void Remember(ClusterTable table)
    {
        lock (_gate)
        {
            if (!TableMemory.Covers(table, _known))
                return;
            _known = table;
        }
        metrics.Seen(table);
    }

    private async Task PauseAsync(string what, int attempt, ApiAnswer answer, CancellationToken cancellationToken)
    {
        // A refusal after which all that was tested is found unchanged was the schema's; its message tells.
        if (attempt >= MaxTries)
            throw Unexpected(what, answer);
        await Task.Delay(MaxPause * Random.Shared.NextDouble(), time, cancellationToken).ConfigureAwait(false);
    }

    private KubernetesClusteringException Unexpected(string what, ApiAnswer answer) =>
        new($"{what} of {OrleansClusterApi.Plural} \"{Name}\": {answer.Outcome}: {answer.Message ?? "no reason given"}");

    private static bool IsDefunct(MembershipEntry entry, DateTime before) =>
        entry.Status == SiloStatus.Dead
        && entry.IAmAliveTime < before
        && entry.StartTime < before
        && (entry.SuspectTimes ?? []).All(vote => vote.Item2 < before);
}
