namespace KubePolicySemaphore.TestBench.Processes;

/// <summary>The lines a process has written so far, all of them kept.</summary>
public sealed class OutputLines
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public IReadOnlyList<string> Snapshot()
    {
        lock (_lock)
            return [.. _lines];
    }

    public override string ToString() => string.Join('\n', Snapshot());

    /// <summary>Waits for the first line that matches, also among those already written.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    /// <exception cref="EndOfStreamException">The process closed its output first.</exception>
    public async Task<string> WaitForAsync(Predicate<string> match, TimeSpan timeout, int skip = 0)
    {
        using var deadline = new CancellationTokenSource(timeout, TimeProvider.System);
        for (var next = skip; ;)
        {
            Task changed;
            lock (_lock)
            {
                for (; next < _lines.Count; next++)
                    if (match(_lines[next]))
                        return _lines[next];
                if (_ended)
                    throw new EndOfStreamException($"the output ended without the line waited for:\n{Tail()}");
                changed = _changed.Task;
            }
            await changed.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (deadline.IsCancellationRequested)
                throw new TimeoutException($"the line waited for did not come within {timeout}:\n{Tail()}");
        }
    }

    /// <summary>Waits for a line that contains a text.</summary>
    /// <inheritdoc cref="WaitForAsync(Predicate{string}, TimeSpan, int)"/>
    public Task<string> WaitForAsync(string text, TimeSpan timeout, int skip = 0) =>
        WaitForAsync(line => line.Contains(text, StringComparison.Ordinal), timeout, skip);

    internal void Add(string? line)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (line is null)
                _ended = true;
            else
                _lines.Add(line);
            changed = _changed;
            _changed = NewSignal();
        }
        changed.SetResult();
    }

    private string Tail() => string.Join('\n', Snapshot().TakeLast(20));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
