namespace StreamRelay.Client.Http;

/// <summary>The body of a stream that is cut when it brings no byte for too long: a server sends heartbeats, so the connection is dead then.</summary>
internal sealed class WatchedStream(Stream inner, RetryPolicy policy) : Stream
{
    /// <summary>When the last bytes came, as a timestamp of the policy's time.</summary>
    public long LastRead { get; private set; } = policy.Time.GetTimestamp();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="TimeoutException">There was no byte in time.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, cancellationToken);
        var read = reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(policy.SilenceTimeout, policy.Time, cancellationToken);
        LastRead = policy.Time.GetTimestamp();
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }
}
