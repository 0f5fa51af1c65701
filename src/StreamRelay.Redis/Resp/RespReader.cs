namespace StreamRelay.Redis.Resp;

/// <summary>Reads values one after the other. Nothing is allocated for a value before all of its bytes are there.</summary>
internal sealed class RespReader
{
    private readonly RespScanner _scanner = new();

    /// <param name="buffer">Everything that was not consumed, and perhaps more behind it.</param>
    /// <param name="consumed">The bytes of the value; 0 when it is not complete.</param>
    /// <param name="value">The value, when it is complete.</param>
    /// <returns><see langword="false"/> when more bytes are needed.</returns>
    /// <exception cref="RespProtocolException">This is not the protocol; the reader cannot go on.</exception>
    public bool TryRead(ReadOnlySpan<byte> buffer, out int consumed, out RespValue value)
    {
        value = default;
        if (!_scanner.TryFindEnd(buffer, out consumed))
            return false;

        value = new RespDecoder(buffer[..consumed]).Decode();
        return true;
    }
}
