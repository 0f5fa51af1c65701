namespace StreamRelay.Redis.Resp;

/// <summary>The receiving half of a connection. Its buffer grows only with what has arrived.</summary>
internal sealed class RespInput(Stream stream)
{
    private const int UsualBytes = 64 << 10;

    /// <summary>What a buffer that had to grow keeps for the next replies of that size.</summary>
    private const int KeptBytes = 1 << 20;

    private readonly RespReader _reader = new();
    private byte[] _buffer = new byte[UsualBytes];
    private int _start;
    private int _end;

    /// <returns><see langword="false"/> when what has arrived is no complete value.</returns>
    public bool TryRead(out RespValue value)
    {
        var isComplete = _reader.TryRead(_buffer.AsSpan(_start, _end - _start), out var consumed, out value);
        _start += consumed;
        return isComplete;
    }

    /// <summary>Waits until more has arrived.</summary>
    /// <exception cref="EndOfStreamException">No more will come.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        if (count == 0)
            throw new EndOfStreamException("Redis closed the connection.");

        _end += count;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (length == 0 && _buffer.Length > KeptBytes)
            _buffer = new byte[UsualBytes];
        else if (_start > 0 && (length == 0 || _end == _buffer.Length))
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
        else if (_end == _buffer.Length)
            Grow();
        else
            return;

        _start = 0;
        _end = length;
    }

    private void Grow()
    {
        if (_buffer.Length >= RespLimits.ReplyBytes)
            throw new RespProtocolException($"Redis sent a reply of more than {RespLimits.ReplyBytes} bytes.");

        Array.Resize(ref _buffer, 2 * _buffer.Length);
    }
}
