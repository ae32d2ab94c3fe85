using System.Globalization;
using System.Runtime.InteropServices;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.Bench.Reporting;

/// <summary>What the figures were measured on. Nothing that names the machine itself.</summary>
internal sealed record MachineFacts(string Cpu, string Memory, string Load, string? Servers, string? Commit)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static async Task<MachineFacts> ReadAsync()
    {
        var binaries = EnvTestBinaries.Find();
        return new MachineFacts(
            Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            MemoryText(),
            await LoadAsync(),
            binaries is null ? null : $"{await FirstLineAsync(binaries.ApiServer, "--version")}, {await FirstLineAsync(binaries.Etcd, "--version")}",
            await CommitAsync());
    }

    /// <summary>How many wanted a processor on average in the last minute, those of this run too.</summary>
    public static async Task<string> LoadAsync() =>
        File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown";

    public Table ToTable(bool withServers)
    {
        var table = new Table("Machine", "");
        table.Add("CPU", $"{Environment.ProcessorCount} × {Cpu}");
        table.Add("Memory", Memory);
        table.Add("Load average before", Load);
        table.Add("System", RuntimeInformation.OSDescription);
        table.Add(".NET", Environment.Version.ToString());
        if (withServers)
            table.Add("API server", Servers ?? "none");
        table.Add("Commit", Commit ?? "unknown");
        table.Add("Date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture));
        return table;
    }

    private static string MemoryText() =>
        long.TryParse(Field("/proc/meminfo", "MemTotal")?.Split(' ')[0], CultureInfo.InvariantCulture, out var kibibytes)
            ? $"{Report.Number(kibibytes / 1048576.0)} GiB"
            : "unknown";

    private static string? Field(string file, string name) => !File.Exists(file) ? null : File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault();

    private static async Task<string?> CommitAsync()
    {
        try
        {
            return await FirstLineAsync("git", "describe", "--always", "--dirty");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task<string?> FirstLineAsync(string program, params string[] arguments)
    {
        await using var child = await ChildProcess.RunAsync(new ChildProcessOptions(program) { Arguments = arguments }, Timeout);
        return child.ExitCode == 0 && child.Output.Snapshot() is [var first, ..] ? first : null;
    }
}
