using System.Net.Sockets;
using System.Security.Authentication;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>Puts what the HTTP client throws into words and classes of our own.</summary>
internal static class ConnectionFailure
{
    /// <summary>
    /// True for what means that a request or the reading of its answer failed, and no programming error. A bare
    /// <see cref="SocketException"/> too: the handler lets one out when the connection is reset as soon as it is made.
    /// </summary>
    public static bool IsOne(Exception exception) => exception is HttpRequestException or IOException or TimeoutException or SocketException;

    /// <summary>The failure, without the client's own text where that may quote what was sent.</summary>
    public static ApiServerException From(Exception exception, Uri server)
    {
        var (reason, text) = Classify(exception);
        return new ApiServerException(reason, $"{server.Authority}: {RemoteText.Escape(text)}");
    }

    private static (ClusterFailureReason Reason, string Text) Classify(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return (ClusterFailureReason.Tls, $"TLS: {cause.Message}");
                case SocketException { SocketErrorCode: SocketError.TimedOut } or TimeoutException:
                    return (ClusterFailureReason.Timeout, "no connection in time");
                case SocketException socket:
                    return (ClusterFailureReason.Unreachable, socket.Message);
            }
        }

        return exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http
            ? (ClusterFailureReason.Unreachable, $"the connection failed ({http.HttpRequestError})")
            : (ClusterFailureReason.Unreachable, "the connection broke");
    }
}
