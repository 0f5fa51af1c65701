using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>Writes small JSON objects, such as the metadata of an event.</summary>
internal static class JsonObject
{
    private const int KeptBytes = 64 << 10;

    // A writer and its buffer are larger than most objects that they write, so that each thread keeps them for the next one.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _kept;

    /// <summary>Creates a UTF-8 JSON object. Text outside of ASCII is not escaped.</summary>
    /// <param name="state">Given to the callback.</param>
    /// <param name="write">Writes the properties.</param>
    public static ReadOnlyMemory<byte> Create<TState>(TState state, Action<Utf8JsonWriter, TState> write)
        where TState : allows ref struct
    {
        var (bytes, json) = _kept ?? CreateWriter();

        // Not kept meanwhile: the callback may create another object, or throw.
        _kept = null;
        json.WriteStartObject();
        write(json, state);
        json.WriteEndObject();
        json.Flush();
        var written = bytes.WrittenSpan.ToArray();
        if (bytes.Capacity <= KeptBytes)
            Keep(bytes, json);

        return written;
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) CreateWriter()
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        return (bytes, new(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static void Keep(ArrayBufferWriter<byte> bytes, Utf8JsonWriter json)
    {
        bytes.ResetWrittenCount();
        json.Reset();
        _kept = (bytes, json);
    }
}
