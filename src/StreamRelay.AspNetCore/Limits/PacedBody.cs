using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>The body of a response that is not a stream of events. It is written in pieces, and the connection of a client that takes no piece for
/// <see cref="StreamOptions.StallTimeout"/> is aborted, over any version of HTTP.</summary>
internal sealed class PacedBody(HttpContext context, Stream body) : Stream
{
    private const int PieceBytes = 32 << 10;

    private readonly TimeSpan _timeout = context.RequestServices.GetRequiredService<IOptions<StreamOptions>>().Value.StallTimeout;
    private readonly TimeProvider _time = context.RequestServices.GetRequiredService<TimeProvider>();

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
        for (; !buffer.IsEmpty; buffer = buffer[Math.Min(PieceBytes, buffer.Length)..])
            await WaitAsync(body.WriteAsync(buffer[..Math.Min(PieceBytes, buffer.Length)], cancellationToken));
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => WaitAsync(new(body.FlushAsync(cancellationToken))).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask WaitAsync(ValueTask write)
    {
        if (write.IsCompletedSuccessfully)
            return;

        try
        {
            await write.AsTask().WaitAsync(_timeout, _time);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("The client takes nothing of the response.");
        }
    }
}
