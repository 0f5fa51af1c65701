namespace StreamRelay.Redis.Resp;

/// <summary>Finds out where a value ends. It goes on where it stopped, so that a reply in many pieces is looked through once.</summary>
internal sealed class RespScanner
{
    private readonly (int Remaining, bool IsAttribute)[] _open = new (int, bool)[RespLimits.Depth];
    private int _depth;
    private int _position;

    /// <param name="buffer">Begins where it began at the last call, until a value is complete.</param>
    /// <param name="length">The bytes of the complete value.</param>
    /// <returns><see langword="false"/> when more bytes are needed.</returns>
    /// <exception cref="RespProtocolException">This is not the protocol, or beyond its limits.</exception>
    public bool TryFindEnd(ReadOnlySpan<byte> buffer, out int length)
    {
        var isComplete = false;
        while (!isComplete)
        {
            if (!TryStep(buffer, out isComplete))
            {
                length = 0;
                return false;
            }
        }

        length = _position;
        _position = 0;
        return true;
    }

    private bool TryStep(ReadOnlySpan<byte> buffer, out bool isComplete)
    {
        isComplete = false;
        if (!RespLine.TryRead(buffer[_position..], out var line))
            return false;

        switch (line[0])
        {
            case (byte)'$' or (byte)'!' or (byte)'=':
                return TrySkipBulk(buffer, line, out isComplete);
            case (byte)'*' or (byte)'~' or (byte)'%' or (byte)'>' or (byte)'|':
                _position += line.Length + 2;
                isComplete = Open(line[0], RespLine.Count(line));
                return true;
            case (byte)'+' or (byte)'-' or (byte)':' or (byte)'_' or (byte)'#' or (byte)',' or (byte)'(':
                _position += line.Length + 2;
                isComplete = End();
                return true;
            default:
                throw new RespProtocolException($"Redis sent a value of the unknown type 0x{line[0]:x2}.");
        }
    }

    private bool TrySkipBulk(ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> line, out bool isComplete)
    {
        isComplete = false;
        var length = RespLine.Length(line);
        var end = _position + line.Length + 2;
        if (length >= 0)
        {
            if (buffer.Length - end < length + 2)
                return false;

            end += length + 2;
            if (!buffer[(end - 2)..].StartsWith("\r\n"u8))
                throw new RespProtocolException("A text from Redis is longer than Redis said.");
        }

        _position = end;
        isComplete = End();
        return true;
    }

    private bool Open(byte type, int count)
    {
        if (type == '>' && _depth > 0)
            throw new RespProtocolException("Redis sent a push within another value.");
        if (count <= 0)
            return type != '|' && End();
        if (_depth == RespLimits.Depth)
            throw new RespProtocolException($"Redis sent a value with more than {RespLimits.Depth} levels.");

        _open[_depth++] = (count, type == '|');
        return false;
    }

    /// <returns>Whether that was the end of the outermost value.</returns>
    private bool End()
    {
        while (_depth > 0)
        {
            ref var level = ref _open[_depth - 1];
            if (--level.Remaining > 0)
                return false;

            _depth--;
            // The value that the attribute is about comes next.
            if (level.IsAttribute)
                return false;
        }

        return true;
    }
}
