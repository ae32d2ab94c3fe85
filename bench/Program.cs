using KubePolicySemaphore.Bench;
using KubePolicySemaphore.Bench.Benchmarks;
using KubePolicySemaphore.Bench.Calico;
using KubePolicySemaphore.Bench.Reporting;
using KubePolicySemaphore.TestBench;

const int Failed = 1;
const int BadArguments = 2;

if (args is [BareLoop.Command, _, _, _, _])
{
    await BareLoop.RunAsync(args[1..]);
    return 0;
}

IBenchmark[] all = [new HotPaths(), new IndexMemory(), new InitialSync(), new PropagationLatency(), new OperatorMemory(), new MembershipCost(), new Failover(), new Placement(), new ColdStart()];

if (args.Contains("--help"))
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}\n\n{BenchOptions.Usage}");
    return BadArguments;
}

var chosen = all.Where(benchmark => benchmark.Name.Contains(options.Filter, StringComparison.Ordinal)).ToArray();
if (chosen.Length == 0)
{
    await Console.Error.WriteLineAsync($"error: no benchmark is named like {options.Filter}; there are {string.Join(", ", all.Select(b => b.Name))}");
    return BadArguments;
}

if (options.List)
{
    foreach (var benchmark in chosen)
        Console.WriteLine($"{benchmark.Name,-22}{benchmark.Title}");
    return 0;
}

using var limit = new CancellationTokenSource(options.TimeLimit, TimeProvider.System);
Console.CancelKeyPress += (_, pressed) =>
{
    // The servers and the program end with this process; it has a table to finish first.
    pressed.Cancel = true;
    limit.Cancel();
};

var machine = await MachineFacts.ReadAsync();
var exitCode = 0;
foreach (var benchmark in chosen)
{
    if (benchmark.NeedsServers && EnvTestBinaries.Find() is null)
    {
        await Console.Error.WriteLineAsync($"error: {benchmark.Name} was not run: {EnvTestBinaries.Missing}");
        exitCode = Failed;
        continue;
    }

    var report = new Report(benchmark, options, machine);
    try
    {
        await benchmark.RunAsync(options, report, limit.Token);
    }
    // One benchmark's failure must not cost the tables of the others.
    catch (Exception exception)
    {
        var reason = limit.IsCancellationRequested ? "it was stopped, or its time is up" : exception.ToString();
        await Console.Error.WriteLineAsync($"error: {benchmark.Name} did not finish: {reason}");
        exitCode = Failed;
    }
}

return exitCode;
