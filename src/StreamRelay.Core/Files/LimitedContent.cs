namespace StreamRelay.Files;

/// <summary>The content of a file that may exceed a limit.</summary>
/// <param name="content">The content.</param>
/// <param name="checkSize">Called with the bytes so far after each read. When it throws, so does the read.</param>
/// <param name="checkWhole">Called with all bytes before a reader sees the end. When it throws, so does the read.</param>
internal sealed class LimitedContent(Stream content, Action<long> checkSize, Func<long, ValueTask> checkWhole) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        _read += read;
        checkSize(_read);
        if (read == 0 && !buffer.IsEmpty)
            await checkWhole(_read);

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
