using System.Runtime.CompilerServices;
using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Tries everything that a silo will need of the clusters, step by step.</summary>
/// <param name="configuration">Which clusters.</param>
/// <param name="access">The way to them.</param>
/// <param name="membershipNamespace">Where in the local cluster the membership is kept; null: it is not.</param>
/// <param name="time">Limits each step.</param>
internal sealed class GridCheck(SiloConfiguration configuration, GridAccess access, string? membershipNamespace, TimeProvider time)
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(15);
    private static readonly string[] PodVerbs = ["list", "watch"];
    private static readonly string[] SetVerbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    private static readonly string[] MembershipVerbs = ["get", "create", "patch"];

    public async IAsyncEnumerable<CheckStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cluster in configuration.Grid.Clusters)
        {
            await foreach (var step in CheckRemoteAsync(cluster, cancellationToken).ConfigureAwait(false))
                yield return step;
        }

        await foreach (var step in CheckCalicoAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return step;
            if (step.Hint == Unreached)
                yield break;
        }

        if (membershipNamespace is null)
            yield break;
        await foreach (var step in CheckMembershipAsync(membershipNamespace, cancellationToken).ConfigureAwait(false))
            yield return step;
    }

    private async IAsyncEnumerable<CheckStep> CheckCalicoAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
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

    private async IAsyncEnumerable<CheckStep> CheckMembershipAsync(string membershipNamespace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string groupVersion = $"{OrleansClusterApi.Group}/{OrleansClusterApi.Version}";
        yield return await TryAsync($"local: {OrleansClusterApi.Plural}.{OrleansClusterApi.Group}, the kind of the membership, is served", async ct =>
            await ServedKind.IsServedAsync(access.Local, groupVersion, OrleansClusterApi.Plural, ct).ConfigureAwait(false)
                ? null : $"{groupVersion} is not there, or without it",
            "apply membership-crd.yaml of deploy/local", cancellationToken).ConfigureAwait(false);
        // The rights can be proved without the kind, so that all that is missing is told at once.
        foreach (var verb in MembershipVerbs)
        {
            yield return await CheckRightAsync("local", access.Local, verb, OrleansClusterApi.Group, OrleansClusterApi.Plural, membershipNamespace, cancellationToken)
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
