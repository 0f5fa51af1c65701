using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>A request to the server.</summary>
/// <param name="Body">The request, as JSON.</param>
/// <param name="Dropped">The fields of the client's request that are not in it.</param>
internal sealed record UpstreamRequest(ReadOnlyMemory<byte> Body, IReadOnlyList<string> Dropped)
{
    /// <summary>Writes a request that asks for a stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dropped">The fields that are left out; <paramref name="write"/> may add to it.</param>
    /// <param name="write">Writes the other members.</param>
    public static UpstreamRequest Create(string model, List<string> dropped, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            write(json);
            json.WriteEndObject();
        }

        return new(buffer.WrittenMemory, dropped);
    }
}
