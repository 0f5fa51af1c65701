namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>The body of an answer, in which no line is longer than a limit: a server that never ends a line must not fill the memory.</summary>
/// <param name="body">The body.</param>
/// <param name="limit">The most bytes of a line.</param>
internal sealed class BoundedLines(Stream body, long limit) : Stream
{
    private long _line;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="AgentException">A line is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        var end = buffer.Span[..count].LastIndexOf((byte)'\n');
        _line = end < 0 ? _line + count : count - end - 1;
        return _line <= limit ? count : throw AnswerFault.Unsupported($"a line of more than {limit >> 20} MiB");
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
