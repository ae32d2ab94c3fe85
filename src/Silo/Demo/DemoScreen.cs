using System.Globalization;
using Spectre.Console;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>Shows the changes: a live table on a terminal, a line each elsewhere.</summary>
internal sealed class DemoScreen(IAnsiConsole console)
{
    private const int Rows = 14;

    private readonly Queue<DemoChange> _last = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    private bool IsLive => console.Profile.Capabilities is { Interactive: true, Ansi: true };

    public void Show(DemoChange change)
    {
        lock (_lock)
        {
            _count++;
            _last.Enqueue(change);
            if (_last.Count > Rows)
                _last.Dequeue();
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (!IsLive)
            console.WriteLine(Line(change));
    }

    /// <summary>Draws until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!IsLive)
        {
            console.WriteLine(Line("TIME", "MS", "POD", "", "OBJECT IN CALICO", "NET", "NETS"));
            return;
        }

        await console.Live(Table()).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task changed;
                lock (_lock)
                    changed = _changed.Task;
                live.UpdateTarget(Table());
                await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }).ConfigureAwait(false);
    }

    private Table Table()
    {
        var table = new Table().Border(TableBorder.Rounded).Expand()
            .AddColumns("time", "pod in the remote cluster", "object in Calico", "net", "nets", "ms");
        lock (_lock)
        {
            table.Caption($"{_count} changes have arrived in Calico");
            foreach (var change in _last)
            {
                table.AddRow(
                    Time(change), Markup.Escape($"{change.Pod} {change.What}"), Markup.Escape(change.Object),
                    change.Net[0] == '+' ? $"[green]{change.Net}[/]" : $"[red]{change.Net}[/]",
                    change.Nets.ToString(CultureInfo.InvariantCulture), Milliseconds(change));
            }
        }

        return table;
    }

    private static string Line(DemoChange change) =>
        Line(Time(change), Milliseconds(change), change.Pod, change.What, change.Object, change.Net, change.Nets.ToString(CultureInfo.InvariantCulture));

    private static string Line(string time, string took, string pod, string what, string @object, string net, string nets) =>
        $"{time,-12} {took,6}  {pod,-16} {what,-22} {@object,-28} {net,-18} {nets}".TrimEnd();

    private static string Time(DemoChange change) => change.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Milliseconds(DemoChange change) => change.Took.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
}
