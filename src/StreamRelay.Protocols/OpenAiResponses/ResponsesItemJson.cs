using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Writes an item of a list.</summary>
internal static class ResponsesItemJson
{
    /// <summary>Writes an item.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">Its type.</param>
    /// <param name="write">Writes its other fields.</param>
    public static byte[] Write(string id, string type, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("type", type);
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
