using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting;
using Orleans.Runtime;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Asks the watchers of all clusters at once, wherever in the grid they are; one that does not answer holds up nobody.</summary>
internal sealed class GridReader(FileGridConfiguration configuration, StatusBoard board, IGrainFactory grains, ISiloStatusOracle silos, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>How every cluster stands, as last heard, at most a few seconds ago.</summary>
    public ClustersAnswer Clusters()
    {
        var state = configuration.State;
        return new(
            board.Read(configuration.Current.Clusters.Select(cluster => cluster.Name)),
            new(state.IsValid, state.Error, state.Loaded));
    }

    /// <summary>What each watcher answers, and the clusters whose watcher did not.</summary>
    public async Task<(IReadOnlyList<T> Answers, IReadOnlyList<string> Unanswered)> AskAsync<T>(
        string? cluster, Func<IRemoteClusterWatcherGrain, CancellationToken, Task<ImmutableArray<T>>> ask, CancellationToken cancellationToken)
    {
        var names = Clusters().Clusters.Select(status => status.Name).Where(name => cluster is null || name == cluster);
        var asked = names.Select(async name => (Name: name, Answer: await TryAskAsync(name, ask, cancellationToken).ConfigureAwait(false))).ToList();
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        return (
            [.. answers.Where(one => one.Answer is not null).SelectMany(one => one.Answer!)],
            [.. answers.Where(one => one.Answer is null).Select(one => one.Name)]);
    }

    private async Task<IEnumerable<T>?> TryAskAsync<T>(
        string cluster, Func<IRemoteClusterWatcherGrain, CancellationToken, Task<ImmutableArray<T>>> ask, CancellationToken cancellationToken)
    {
        // No watcher can be called before the silo has joined or after it has left.
        if (silos.CurrentStatus is not (SiloStatus.Active or SiloStatus.ShuttingDown))
            return null;
        try
        {
            return await ask(grains.GetGrain<IRemoteClusterWatcherGrain>(cluster), cancellationToken)
                .WaitAsync(Timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a grain's call fails with, the answer is the same: this cluster is named as missing.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
