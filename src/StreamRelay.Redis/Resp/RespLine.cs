namespace StreamRelay.Redis.Resp;

/// <summary>The line that every value begins with: a type, and then the value itself, its length or the number of its items.</summary>
internal static class RespLine
{
    /// <param name="buffer">Begins with a line.</param>
    /// <param name="line">At least its type, without the line end.</param>
    /// <returns><see langword="false"/> when its end is not there yet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> line)
    {
        var end = buffer.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? buffer : buffer[..end];
        if (line.Length > RespLimits.LineBytes)
            throw new RespProtocolException($"Redis sent a line of more than {RespLimits.LineBytes} bytes.");
        if (end < 0 || end + 1 == buffer.Length && buffer[end] == '\r')
            return false;
        if (end == 0 || !buffer[end..].StartsWith("\r\n"u8))
            throw new RespProtocolException("Redis sent a line that does not end as lines do.");

        return true;
    }

    /// <summary>The bytes of a text, or -1 for null.</summary>
    public static int Length(ReadOnlySpan<byte> line)
    {
        var least = line[0] switch { (byte)'$' => -1, (byte)'=' => 4, _ => 0 };
        return Bounded(line, least, RespLimits.BulkBytes);
    }

    /// <summary>The items of an aggregate, or -1 for null.</summary>
    public static int Count(ReadOnlySpan<byte> line) => line[0] switch
    {
        (byte)'*' => Bounded(line, -1, RespLimits.Items),
        (byte)'%' or (byte)'|' => 2 * Bounded(line, 0, RespLimits.Items / 2),
        (byte)'>' => Bounded(line, 1, RespLimits.Items),
        _ => Bounded(line, 0, RespLimits.Items),
    };

    private static int Bounded(ReadOnlySpan<byte> line, int least, int most) =>
        RespNumber.TryParse(line[1..], out var number) && number >= least && number <= most
            ? (int)number
            : throw new RespProtocolException($"Redis sent a length that is not a number from {least} to {most}.");
}
