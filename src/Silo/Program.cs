using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Commands;

var runner = new CommandRunner(CommandTable.All, Environment.GetEnvironmentVariable, Console.Out, Console.Error);
var colours = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
return await runner.RunAsync(args, colours, CancellationToken.None);
