namespace StreamRelay.Redis.Resp;

/// <summary>The sending half of a connection: gathers everything that is queued into one write, and what is large it sends from where it lies.</summary>
internal sealed class RespOutput(Stream stream, TimeProvider time)
{
    private const int Bytes = 128 << 10;

    private readonly byte[] _buffer = new byte[Bytes];
    private int _count;

    /// <summary>Some of it may wait for the next <see cref="FlushAsync"/>.</summary>
    public async ValueTask WriteAsync(RespRequest request)
    {
        await WriteAsync(request, request.First.Encoded);
        for (var index = 0; index < request.Others.Length; index++)
            await WriteAsync(request, request.Others.Span[index].Encoded);
    }

    public async ValueTask FlushAsync()
    {
        if (_count == 0)
            return;

        await stream.WriteAsync(_buffer.AsMemory(0, _count), CancellationToken.None);
        _count = 0;
    }

    private async ValueTask WriteAsync(RespRequest request, ReadOnlyMemory<byte> encoded)
    {
        if (encoded.Length > Bytes - _count)
            await FlushAsync();

        if (encoded.Length > Bytes)
            await SendAsync(request, encoded);
        else
            Gather(encoded);
    }

    private void Gather(ReadOnlyMemory<byte> encoded)
    {
        encoded.Span.CopyTo(_buffer.AsSpan(_count));
        _count += encoded.Length;
    }

    private async ValueTask SendAsync(RespRequest request, ReadOnlyMemory<byte> encoded)
    {
        for (; encoded.Length > 0; encoded = encoded[Math.Min(Bytes, encoded.Length)..])
        {
            await stream.WriteAsync(encoded[..Math.Min(Bytes, encoded.Length)], CancellationToken.None);
            // A server that takes a long command slowly is still there.
            request.SentAt = time.GetTimestamp();
        }
    }
}
