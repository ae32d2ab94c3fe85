using System.Collections.Concurrent;

namespace KubePolicySemaphore.TestBench.Processes;

/// <summary>
/// The one thread that starts child processes. PR_SET_PDEATHSIG fires when the <em>thread</em> that forked ends, so a
/// thread of the pool, which ends when idle, would take its children along.
/// </summary>
internal static class ProcessThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessThread() => new Thread(Loop) { IsBackground = true, Name = "child processes" }.Start();

    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            // Carried over to whoever waits for the start.
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    private static void Loop()
    {
        foreach (var work in Work.GetConsumingEnumerable())
            work();
    }
}
