using System.Buffers;
using System.Net;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>Makes an <see cref="ApiServerException"/> of an answer that is no success.</summary>
public static class ApiServerAnswer
{
    // A Status is some hundred bytes; what is longer is no Status and is not worth reading.
    private const int MaxStatusBytes = 8 * 1024;

    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>Does nothing when the answer is a success; else reads what it says and throws.</summary>
    /// <param name="response">The answer; stays the caller's.</param>
    /// <param name="what">What was asked for, as <c>list pods</c>: the message begins with it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ApiServerException">The answer is no success.</exception>
    public static async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!response.IsSuccessStatusCode)
            throw await ReadFailureAsync(response, what, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The failure that an answer tells of: status, and <c>message</c> of the Kubernetes Status, if it is one.</summary>
    public static async Task<ApiServerException> ReadFailureAsync(
        HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        var said = await ReadStatusAsync(response, cancellationToken).ConfigureAwait(false);
        var message = said.Message;
        // An answer may echo the request; neither header may ever be shown.
        if (response.RequestMessage?.Headers.Authorization?.Parameter is { Length: > 0 } secret)
            message = message?.Replace(secret, "(secret)", StringComparison.Ordinal);
        var status = (int)response.StatusCode;
        var text = message is { Length: > 0 } ? $"{what}: HTTP {status}: {RemoteText.Escape(message)}" : $"{what}: HTTP {status}";
        return new ApiServerException(ReasonOf(response.StatusCode), text, RetryAfterOf(response), status)
        {
            StatusReason = said.Reason is null ? null : RemoteText.Escape(said.Reason),
            ObjectName = said.ObjectName is null ? null : RemoteText.Escape(said.ObjectName),
            Fields = said.Fields,
        };
    }

    internal static ClusterFailureReason ReasonOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ClusterFailureReason.Unauthorized,
        HttpStatusCode.Forbidden => ClusterFailureReason.Forbidden,
        HttpStatusCode.TooManyRequests => ClusterFailureReason.Busy,
        >= HttpStatusCode.InternalServerError => ClusterFailureReason.ServerError,
        _ => ClusterFailureReason.BadAnswer,
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta;
        return asked > MaxRetryAfter ? MaxRetryAfter : asked;
    }

    private static async Task<StatusText> ReadStatusAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxStatusBytes);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MaxStatusBytes), MaxStatusBytes, false, cancellationToken)
                    .ConfigureAwait(false);
                return StatusText.Parse(buffer.AsSpan(0, length));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new StatusText();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
