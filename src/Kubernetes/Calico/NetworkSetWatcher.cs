using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads one watch to its end.</summary>
internal sealed class NetworkSetWatcher(NetworkSetSource source, TextPool texts, INetworkSetObserver observer)
{
    /// <summary>HTTP status and watch error: the version is older than what the server remembers.</summary>
    public const int Expired = 410;

    // Bookmarks come about every minute.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(120);
    private const int BufferSize = 16 * 1024;

    /// <summary>
    /// Tells the observer what comes, and moves <paramref name="position"/> on with it. Returns when the server ends the
    /// watch, as it does every few minutes.
    /// </summary>
    /// <exception cref="ApiServerException">The watch failed; status <see cref="Expired"/> means that only a list helps.</exception>
    public async Task WatchAsync(CalicoApi api, WatchPosition position, CancellationToken cancellationToken)
    {
        var what = $"watch {api.Resource}";
        using var deadline = new RequestDeadline(Silence, source.Time, cancellationToken);
        try
        {
            // As client-go: spread, so that not all watches of a server are made anew at once.
            using var request = NetworkSetQuery.Watch(api, position.ResourceVersion, TimeSpan.FromMinutes(5 + (5 * source.Random.NextDouble())));
            using var response = await source.Connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                .ConfigureAwait(false);
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, what, deadline.Token).ConfigureAwait(false);
            observer.Contact();
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var window = new ByteWindow(BufferSize);
                var searched = 0;
                while (await window.FillAsync(stream, deadline.Token).ConfigureAwait(false) > 0)
                {
                    deadline.Extend();
                    searched = TakeLines(window, searched, what, position);
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new ApiServerException(ClusterFailureReason.BadAnswer, $"{what}: {exception.Message}", status: Expired);
        }
        catch (Exception exception) when (deadline.Explains(exception))
        {
            throw deadline.ToFailure(what);
        }
    }

    /// <returns>How much of what is left holds no line's end.</returns>
    private int TakeLines(ByteWindow window, int searched, string what, WatchPosition position)
    {
        while (window.Unread[searched..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = window.Unread[..(searched + end)];
            if (line.ContainsAnyExcept((byte)' ', (byte)'\r'))
                Take(WatchEvent.Read(line, texts), what, position);
            window.Consume(searched + end + 1);
            searched = 0;
        }

        return window.Unread.Length;
    }

    private void Take(WatchEvent change, string what, WatchPosition position)
    {
        switch (change.Type)
        {
            case WatchEventType.Upsert:
                observer.Upsert(change.Object!);
                break;
            case WatchEventType.Delete:
                observer.Delete(change.Object!.Name, change.Object.Uid);
                break;
            case WatchEventType.Bookmark:
                // Says nothing about objects, only how far we have seen.
                observer.Contact();
                break;
            case WatchEventType.Error:
                throw new ApiServerException(ClusterFailureReason.ServerError, $"{what}: the stream ended with error {change.Code}", status: change.Code);
            default:
                // What the line told is unknown: only a list tells what is there now.
                throw new ApiServerException(ClusterFailureReason.BadAnswer, $"{what}: a line cannot be understood", status: Expired);
        }

        position.ResourceVersion = change.ResourceVersion!;
    }
}
