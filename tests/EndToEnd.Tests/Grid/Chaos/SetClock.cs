using System.Globalization;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>The wall clock of one process, which can be set while it runs. Its monotonic clock goes on as ever.</summary>
internal sealed class SetClock
{
    private readonly string _file = Path.Combine(BenchFolders.CreateTemporary("clock"), "offset");

    private SetClock(string library) => Variables = new Dictionary<string, string?>
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>What the process must be started with.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; }

    /// <summary>A clock that is off by so much from the start.</summary>
    public static SetClock Create(TimeSpan offset)
    {
        var clock = new SetClock(FakeTime.Find() ?? throw new InvalidOperationException(FakeTime.Missing));
        clock.Set(offset);
        return clock;
    }

    /// <summary>Sets it; the process sees that within a second.</summary>
    /// <param name="offset">How far it is ahead from now on.</param>
    public void Set(TimeSpan offset)
    {
        var next = $"{_file}.next";
        File.WriteAllText(next, $"{offset.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture)}\n");
        File.Move(next, _file, overwrite: true);
    }
}
