using System.Globalization;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>The time one request may take, besides its caller's own token.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;

    public RequestDeadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _limit = limit;
        _caller = caller;
        _timeout = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _timeout.Token);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Starts the time anew.</summary>
    public void Extend() => _timeout.CancelAfter(_limit);

    /// <summary>True when the exception means that the time is up, or that the connection broke; false when the caller gave up.</summary>
    public bool Explains(Exception exception) =>
        !_caller.IsCancellationRequested && (exception is OperationCanceledException || ConnectionFailure.IsOne(exception));

    /// <summary>What a failure that <see cref="Explains"/> is called.</summary>
    public ApiServerException ToFailure(string what) => _timeout.IsCancellationRequested
        ? new ApiServerException(
            ClusterFailureReason.Timeout,
            string.Create(CultureInfo.InvariantCulture, $"{what}: nothing came for {_limit.TotalSeconds:0} s"))
        : new ApiServerException(ClusterFailureReason.Unreachable, $"{what}: the connection broke");

    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }
}
