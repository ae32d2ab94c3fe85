using System.Buffers;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The bytes of a stream between what was decoded and what has come: it grows only to hold one whole token.</summary>
internal sealed class ByteWindow(int size) : IDisposable
{
    /// <summary>More than this in one piece is refused, whatever it is. An object in etcd has at most 1.5 MiB.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    /// <summary>What has come and was not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Adds what the stream has at hand; 0 at its end.</summary>
    /// <exception cref="InvalidDataException">The window has grown to <see cref="MaxBytes"/> and is full.</exception>
    public async ValueTask<int> FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        MakeRoom();
        var count = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count;
    }

    /// <summary>Drops the first <paramref name="count"/> of the unread bytes.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start < _end)
            return;
        _start = _end = 0;
        // One large object must not cost its size for as long as the stream lives.
        if (_bytes.Length > 4 * size)
            Replace(size);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void MakeRoom()
    {
        if (_end < _bytes.Length)
            return;
        if (_start > 0)
        {
            Unread.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        else if (_bytes.Length >= MaxBytes)
        {
            throw new InvalidDataException("a single value is larger than 8 MiB");
        }
        else
        {
            Replace(_bytes.Length * 2);
        }
    }

    private void Replace(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length);
        Unread.CopyTo(larger);
        (_start, _end) = (0, _end - _start);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
