using System.Security.Cryptography;

namespace StreamRelay.Postgres;

/// <summary>A generated stream: each byte is computed from its position. A read returns a few bytes, as reads from a network do.</summary>
internal sealed class GeneratedStream(long length) : Stream
{
    private const int MostAtOnce = 70_000;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public async Task<string> HashAsync() => Convert.ToHexStringLower(await SHA256.HashDataAsync(this));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(Math.Min(buffer.Length, MostAtOnce), length - Position);
        for (var index = 0; index < count; index++)
            buffer[index] = (byte)((Position + index) * 2_654_435_761 >> 13);

        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
