using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

public sealed class BackoffTests
{
    [Fact]
    public void Forbidden_ByAServerThatHasJustStarted_IsTriedAgainSoonAndThenSlowly()
    {
        var backoff = new Backoff(new Random(1));
        var forbidden = new ApiServerException(ClusterFailureReason.Forbidden, "403", status: 403);

        var pauses = Enumerable.Range(0, 10).Select(_ => backoff.Next(forbidden)).ToList();

        Assert.InRange(pauses[0], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(pauses[^1], TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
    }
}
