using KubePolicySemaphore.Simulator;
using Spectre.Console;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>
/// Runs the operator, as it is, between simulated clusters on this machine: two remotes with pods that come and go, one
/// local with Calico.
/// </summary>
/// <param name="runOperator">Runs the operator with the given flags until cancelled, and answers its exit code.</param>
/// <param name="console">Where it shows.</param>
/// <param name="time">The clock.</param>
/// <param name="random">What pods do.</param>
internal sealed class DemoRunner(
    Func<IReadOnlyList<string>, CancellationToken, Task<int>> runOperator, IAnsiConsole console, TimeProvider time, Random random)
{
    /// <summary>Exit code: 0 when Calico was what the pods say at the end, 1 when not, the operator's own when it failed.</summary>
    public async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        await using var blue = await SimulatedApiServer.StartAsync(new() { Tokens = ["blue-token"] }, cancellationToken);
        await using var green = await SimulatedApiServer.StartAsync(new() { Tokens = ["green-token"] }, cancellationToken);
        await using var local = await SimulatedApiServer.StartAsync(cancellationToken: cancellationToken);
        DemoCluster[] clusters = [new("blue", "10.4", blue), new("green", "10.8", green)];
        var log = new ChangeLog(local.NetworkSets, time);
        var churn = new DemoChurn(clusters, log, time, random);
        churn.Populate();

        using var folder = await DemoFolder.CreateAsync(local, clusters, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var operatorEnd = new CancellationTokenSource();
        var running = runOperator(["--config", folder.ConfigPath, "--log-level", "error", .. options.OperatorFlags], operatorEnd.Token);

        var screen = new DemoScreen(console);
        log.Arrived += screen.Show;
        Introduce(options, folder);
        // Without a first sync there is nothing to see; if the operator ends first, its own error has been printed.
        var synced = local.NetworkSets.WaitUntilAsync(sets => clusters.SelectMany(cluster => cluster.Expected()).Count() == sets.Count, ending.Token);
        await Task.WhenAny(synced, running);
        if (running.IsCompleted)
            return await running;

        if (options.Duration is { } duration)
            ending.CancelAfter(duration);
        await Task.WhenAny(running, Task.WhenAll(log.RunAsync(ending.Token), churn.RunAsync(ending.Token), screen.RunAsync(ending.Token)));

        var isRight = await new DemoSummary(clusters, local.NetworkSets, log, time).WriteAsync(console);
        await operatorEnd.CancelAsync();
        var exit = await running;
        return exit != 0 ? exit : isRight ? 0 : 1;
    }

    private void Introduce(DemoOptions options, DemoFolder folder)
    {
        console.WriteLine($"""
            Two remote clusters (blue, green) and a local one with Calico run in this process, simulated; the operator is the real one.
            Its configuration is {folder.ConfigPath}. While it runs, try in another terminal:

              curl -s http://{options.AdminAddress}/api/v1/clusters
              curl -s 'http://{options.AdminAddress}/api/v1/sets?cluster=blue&namespace=payments'
              {folder.Program} explain --server http://{options.AdminAddress} 10.4.0.2
              {folder.Program} status --server http://{options.AdminAddress} -o wide
              kubectl --kubeconfig {folder.LocalKubeconfig} get globalnetworksets.crd.projectcalico.org

            A policy in the local cluster that lets pods of blue's payments/api in:

              apiVersion: projectcalico.org/v3
              kind: NetworkPolicy
              metadata: {"{"}name: from-blue-api, namespace: shop{"}"}
              spec:
                selector: app == 'shop'
                ingress:
                - action: Allow
                  source:
                    selector: name == 'api' && namespace == 'payments' && remote-cluster-name == 'blue'
                    namespaceSelector: global()

            """);
    }
}
