namespace KubePolicySemaphore.Simulator;

/// <summary>The body of a response as a fault sends it: in pieces, slowly, and cut.</summary>
internal sealed class FaultyBody(Stream body, FaultPlan plan, TimeProvider time, Action reset) : Stream
{
    private long _left = plan.Cut?.CutAfterBytes ?? long.MaxValue;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = plan.Pieces?.ChunkBytes ?? int.MaxValue;
        while (buffer.Length > 0 && _left > 0)
        {
            var count = (int)Math.Min(_left, Math.Min(piece, buffer.Length));
            await body.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
            await body.FlushAsync(cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
            _left -= count;
            if (plan.Pieces is { ChunkDelay: var delay } && delay > TimeSpan.Zero)
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }

        if (_left > 0)
            return;
        if (!plan.Cut!.CutCleanly)
            reset();
        throw new ResponseCutException();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
