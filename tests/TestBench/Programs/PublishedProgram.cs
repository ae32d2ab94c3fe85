using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.TestBench.Programs;

/// <summary>
/// The program as users get it: the one <c>KPS_PROGRAM</c> names, else published from this clone once per test run.
/// </summary>
public static class PublishedProgram
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMinutes(8);

    private static readonly Lazy<Task<string>> Program = new(FindOrPublishAsync);

    /// <summary>The path of the executable.</summary>
    /// <exception cref="InvalidOperationException"><c>dotnet publish</c> failed, or <c>KPS_PROGRAM</c> names no file.</exception>
    public static Task<string> PathAsync() => Program.Value;

    /// <summary>Starts the program with arguments, and with variables added to this process's environment.</summary>
    public static Task<ChildProcess> StartAsync(params string[] arguments) =>
        StartAsync(arguments, new Dictionary<string, string?>());

    /// <inheritdoc cref="StartAsync(string[])"/>
    public static async Task<ChildProcess> StartAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, string? workingDirectory = null, int? networkOf = null) =>
        await ChildProcess.StartAsync(new ChildProcessOptions(await PathAsync())
        {
            Arguments = arguments,
            Environment = environment,
            WorkingDirectory = workingDirectory,
            NetworkOf = networkOf,
        });

    /// <summary>Runs the program to its end; for commands.</summary>
    /// <exception cref="TimeoutException">It did not end in <see cref="Deadline.Default"/>.</exception>
    public static Task<ChildProcess> RunAsync(params string[] arguments) => RunAsync(arguments, new Dictionary<string, string?>());

    /// <inheritdoc cref="RunAsync(string[])"/>
    public static async Task<ChildProcess> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var program = await StartAsync(arguments, environment);
        try
        {
            await program.WaitForExitAsync(Deadline.Default);
        }
        catch (TimeoutException)
        {
            await program.DisposeAsync();
            throw;
        }
        return program;
    }

    /// <summary>Waits until an endpoint such as <c>/readyz</c> answers 200.</summary>
    /// <exception cref="TimeoutException">It did not in time (by default <see cref="Deadline.Default"/>).</exception>
    /// <exception cref="InvalidOperationException">The program ended first.</exception>
    public static async Task WaitForHealthAsync(this ChildProcess program, Uri endpoint, TimeSpan? timeout = null)
    {
        using var http = new HttpClient();
        await Deadline.UntilAsync($"{endpoint} answers 200", async () =>
        {
            if (program.HasExited)
                throw new InvalidOperationException($"the program ended with {program.ExitCode}:\n{program.Tail()}");
            try
            {
                using var response = await http.GetAsync(endpoint);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, timeout, () => program.Tail());
    }

    /// <summary>SIGTERM, as Kubernetes ends a pod; answers the exit code.</summary>
    /// <exception cref="TimeoutException">It still runs after the timeout (by default <see cref="Deadline.Default"/>).</exception>
    public static Task<int> TerminateAsync(this ChildProcess program, TimeSpan? timeout = null)
    {
        program.Send(PosixSignalNumber.Terminate);
        return program.WaitForExitAsync(timeout ?? Deadline.Default);
    }

    private static async Task<string> FindOrPublishAsync()
    {
        if (Environment.GetEnvironmentVariable("KPS_PROGRAM") is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new InvalidOperationException($"KPS_PROGRAM names no file: {given}");

        var repository = BenchFolders.FindRepository();
        var output = BenchFolders.CreateTemporary("program");
        await using var publish = await ChildProcess.RunAsync(new ChildProcessOptions("dotnet")
        {
            Arguments = ["publish", Path.Combine("src", "Silo"), "-c", "Release", "-o", output, "--nologo", "-v", "quiet"],
            WorkingDirectory = repository,
            // Build servers would outlive the run and hold on to its pipes.
            Environment = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        }, PublishTimeout);
        return publish.ExitCode == 0
            ? Path.Combine(output, "kube-policy-semaphore")
            : throw new InvalidOperationException($"dotnet publish ended with {publish.ExitCode}:\n{publish.Tail()}");
    }
}
