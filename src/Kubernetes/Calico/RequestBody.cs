using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>A JSON body in a buffer that is used again once it has been sent.</summary>
internal sealed class RequestBody : HttpContent
{
    // A buffer that has grown to the size of an unusual object is not kept.
    private const int MaxKept = 64 * 1024;

    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> Buffers = [];
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer;
    private volatile bool _sending;

    public RequestBody(string mediaType)
    {
        _buffer = Buffers.TryTake(out var buffer) ? buffer : new ArrayBufferWriter<byte>(4 * 1024);
        Writer = new Utf8JsonWriter(_buffer, Options);
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    /// <summary>Writes the body; must be flushed before it is sent.</summary>
    public Utf8JsonWriter Writer { get; }

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    protected override bool TryComputeLength(out long length)
    {
        length = _buffer.WrittenCount;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _sending = true;
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _sending = false;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        Writer.Dispose();
        // Over HTTP/2 the answer can come, or the time be up, while the body is still being read: that buffer is left to it.
        if (_sending || _buffer.Capacity > MaxKept)
            return;
        _buffer.ResetWrittenCount();
        Buffers.Add(_buffer);
    }
}
