using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace KubePolicySemaphore.TestBench.Processes;

/// <summary>
/// A process that ends with this one, whichever way this one ends; its output is kept and can be waited for.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";

    private static readonly ConcurrentDictionary<int, Process> Running = new();

    private readonly Process _process;
    private readonly string _name;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        process.OutputDataReceived += (_, e) => Output.Add(e.Data);
        process.ErrorDataReceived += (_, e) => Error.Add(e.Data);
    }

    /// <summary>Lines of standard output.</summary>
    public OutputLines Output { get; } = new();

    /// <summary>Lines of standard error.</summary>
    public OutputLines Error { get; } = new();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; 128 + the signal's number for one that a signal ended.</summary>
    /// <exception cref="InvalidOperationException">The process still runs.</exception>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static async Task<ChildProcess> StartAsync(ChildProcessOptions options)
    {
        var child = await ProcessThread.RunAsync(() => Start(options));
        if (options.Input is not null)
            await child._process.StandardInput.WriteAsync(options.Input);
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a process to its end.</summary>
    /// <exception cref="TimeoutException">It did not end by itself in time; it has been killed.</exception>
    public static async Task<ChildProcess> RunAsync(ChildProcessOptions options, TimeSpan timeout)
    {
        var child = await StartAsync(options);
        try
        {
            await child.WaitForExitAsync(timeout);
        }
        catch (TimeoutException)
        {
            await child.DisposeAsync();
            throw;
        }
        return child;
    }

    /// <summary>Waits until the process has ended and all its output is here.</summary>
    /// <exception cref="TimeoutException">It still runs.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"{_name} ({Id}) still runs after {timeout}:\n{Tail()}");
        }
        Running.TryRemove(Id, out _);
        return ExitCode;
    }

    /// <summary>Sends a signal; nothing happens when the process has ended.</summary>
    public void Send(PosixSignalNumber signal)
    {
        if (!_process.HasExited)
            _ = NativeSignals.Kill(_process.Id, (int)signal);
    }

    /// <summary>SIGSTOP, and waits until every thread stands still: those that run when it is sent go on for a moment.</summary>
    public Task FreezeAsync()
    {
        Send(PosixSignalNumber.Stop);
        return Deadline.UntilAsync($"{_name} ({Id}) stands still", () => Task.FromResult(_process.HasExited || StandsStill()));
    }

    /// <summary>SIGCONT.</summary>
    public void Resume() => Send(PosixSignalNumber.Continue);

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task KillAsync()
    {
        // Works on a stopped process too.
        Send(PosixSignalNumber.Kill);
        return WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The end of both outputs, for a failure's message.</summary>
    public string Tail(int lines = 20) => string.Join('\n', Output.Snapshot().TakeLast(lines).Concat(Error.Snapshot().TakeLast(lines)));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Running.TryRemove(Id, out _);
        _process.Dispose();
    }

    private bool StandsStill()
    {
        try
        {
            // The state follows the name, which stands in parentheses and may hold spaces (proc(5)).
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/task"))
                .Select(thread => File.ReadAllText(Path.Combine(thread, "stat")))
                .All(stat => stat[stat.LastIndexOf(')') + 2] == 'T');
        }
        catch (IOException)
        {
            // A thread ended between the two looks: it did not stand still.
            return false;
        }
    }

    // Where there is no setpriv, at least an orderly end of this process takes its children along.
    private static void KillAll()
    {
        foreach (var process in Running.Values)
            if (!process.HasExited)
                process.Kill();
    }

    private static ChildProcess Start(ChildProcessOptions options)
    {
        // Both replace themselves with what they start: the process has the same id.
        string[] death = File.Exists(SetPriv) ? [SetPriv, "--pdeathsig", "KILL"] : [];
        string[] network = options.NetworkOf is { } id ? ["nsenter", "--net=" + string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/ns/net")] : [];
        string[] command = [.. death, .. network, options.FileName, .. options.Arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process, Path.GetFileName(options.FileName));
        process.Start();
        Running[process.Id] = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }
}
