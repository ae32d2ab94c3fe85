using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Brings what a source reads onto the scheduler of the watcher's activation, and leaves out what a source still says
/// after the watcher has taken another one.
/// </summary>
internal sealed class WatcherSink(ClusterWatcher watcher, TaskScheduler scheduler) : IPodSink
{
    public ValueTask<RelistDecision> ReplaceAsync(IReadOnlyList<PodBatch> pages, CancellationToken cancellationToken) =>
        new(RunAsync(() => watcher.ReplaceAsync(this, pages, cancellationToken), cancellationToken));

    public ValueTask ApplyAsync(PodBatch changes, CancellationToken cancellationToken) =>
        new(Task.Factory.StartNew(() => watcher.Apply(this, changes), cancellationToken, TaskCreationOptions.None, scheduler));

    public void Report(PodSourceReport report) =>
        _ = Task.Factory.StartNew(() => watcher.Take(this, report), CancellationToken.None, TaskCreationOptions.None, scheduler);

    private Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.None, scheduler).Unwrap();
}
