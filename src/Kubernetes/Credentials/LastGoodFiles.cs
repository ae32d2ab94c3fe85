using System.Security;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>
/// Files with credentials: read whole each time, and the last good content of each stays in force while the file is
/// missing, empty or garbage, as in the middle of a rotation.
/// </summary>
/// <remarks>
/// Content is compared, never a timestamp: the files of a Secret volume are links through a link that is swapped, and
/// their own timestamps stay as they are. They are a few kilobytes. Not thread-safe.
/// </remarks>
internal sealed class LastGoodFiles
{
    private const int MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, byte[]> _good = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <summary>What was wrong with files whose last good content is in force, since the last <see cref="BeginRound"/>.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Forgets the faults.</summary>
    public void BeginRound() => _faults.Clear();

    /// <summary>The content, if <paramref name="check"/> finds no fault with it; else the last good one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="check">Answers what is wrong, in words without content; null when nothing is.</param>
    /// <exception cref="ApiServerException">There is no good content yet.</exception>
    public byte[] Read(string path, string what, Func<byte[], string?> check)
    {
        var fault = TryRead(path, out var content);
        var known = _good.TryGetValue(path, out var good);
        // The same content is the same object: what was made of it need not be made again.
        if (fault is null && known && content.AsSpan().SequenceEqual(good))
            return good!;
        fault ??= check(content);
        if (fault is null)
        {
            _good[path] = content;
            return content;
        }

        var text = $"{what} {path}: {fault}";
        if (!known)
            throw new ApiServerException(ClusterFailureReason.Credentials, text);
        _faults.Add(text);
        return good!;
    }

    private static string? TryRead(string path, out byte[] content)
    {
        content = [];
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MaxBytes)
                return "is larger than 1 MiB";
            content = File.ReadAllBytes(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException)
        {
            return exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : $"cannot be read ({exception.GetType().Name})";
        }
    }
}
