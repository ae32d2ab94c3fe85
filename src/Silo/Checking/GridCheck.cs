using System.Runtime.CompilerServices;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Tries everything that a silo will need of the clusters, step by step.</summary>
internal sealed class GridCheck(SiloConfiguration configuration, GridAccess access, TimeProvider time)
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(15);
    private static readonly string[] PodVerbs = ["list", "watch"];
    private static readonly string[] SetVerbs = ["get", "list", "watch", "create", "update", "patch", "delete"];

    public async IAsyncEnumerable<CheckStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cluster in configuration.Grid.Clusters)
        {
            await foreach (var step in CheckRemoteAsync(cluster, cancellationToken).ConfigureAwait(false))
                yield return step;
        }

        CalicoApi? api = null;
        var discovery = await TryAsync("local: Calico's API", async ct =>
        {
            api = await access.CalicoApi.GetAsync(ct).ConfigureAwait(false);
            return api is null ? "GlobalNetworkSets are not served" : null;
        }, "install Calico in the local cluster, or set local.calicoApi to the API that it serves", cancellationToken).ConfigureAwait(false);
        yield return api is null ? discovery : discovery with { What = $"local: Calico's API is {api.GroupVersion}" };
        if (api is null)
            yield break;
        foreach (var verb in SetVerbs)
        {
            yield return await CheckRightAsync("local", access.Local, verb, api.Group, "globalnetworksets", null, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<CheckStep> CheckRemoteAsync(ClusterOptions cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = access.Connect(cluster);
        string?[] namespaces = cluster.Namespaces.Count == 0 ? [null] : [.. cluster.Namespaces];
        foreach (var podNamespace in namespaces)
        {
            foreach (var verb in PodVerbs)
            {
                var step = await CheckRightAsync(cluster.Name, connection, verb, "", "pods", podNamespace, cancellationToken).ConfigureAwait(false);
                yield return step;
                // A cluster that cannot be reached fails every further step in the same way.
                if (step.Hint == Unreached)
                    yield break;
            }
        }
    }

    private const string Unreached = "see that the address, CA and credentials of the entry are right, and that its API server can be reached from here";

    private Task<CheckStep> CheckRightAsync(
        string cluster, ApiServerConnection connection, string verb, string group, string resource, string? podNamespace, CancellationToken cancellationToken)
    {
        var where = podNamespace is null ? "" : $" in {podNamespace}";
        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        return TryAsync($"{cluster}: may {verb} {qualified}{where}", async ct =>
            await AccessReview.IsAllowedAsync(connection, verb, group, resource, podNamespace, ct).ConfigureAwait(false) ? null : "not allowed",
            $"give our account there the right to {verb} {qualified}{where}", cancellationToken);
    }

    private async Task<CheckStep> TryAsync(string what, Func<CancellationToken, Task<string?>> run, string hint, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StepTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await run(either.Token).ConfigureAwait(false) is { } fault ? new(what, fault, hint) : new(what);
        }
        catch (ApiServerException exception)
        {
            return new(what, exception.Message, Unreached);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(what, $"no answer within {GoDuration.Format(StepTimeout)}", Unreached);
        }
    }
}
