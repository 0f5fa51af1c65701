namespace StreamRelay.Protocols.Json;

/// <summary>Encodes JSON that is kept and written again.</summary>
internal static class JsonLine
{
    /// <summary>Writes JSON into a buffer.</summary>
    public delegate void Writer(ref FrameJson json);

    /// <summary>What <paramref name="write"/> writes.</summary>
    public static byte[] Encode(Writer write)
    {
        var buffer = new Utf8Buffer(256);
        var json = new FrameJson(buffer);
        write(ref json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A JSON value on one line.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public static byte[] Encode(ReadOnlyMemory<byte> value) => Encode((ref FrameJson json) => json.Value(value.Span));
}
