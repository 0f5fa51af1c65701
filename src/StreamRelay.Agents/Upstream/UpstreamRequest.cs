using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>The request to the server. Messages and options have its form already, whichever protocol the client used: they are copied, but for what has no form there.</summary>
/// <param name="Body">The request, as JSON.</param>
/// <param name="Dropped">The fields of the client's request that are not in it.</param>
internal sealed record UpstreamRequest(ReadOnlyMemory<byte> Body, IReadOnlyList<string> Dropped)
{
    private static readonly string[] OwnFields = ["model", "stream", "stream_options", "messages", NeutralOptions.Instructions, NeutralOptions.Untranslated];

    /// <summary>Writes the request for the input of a task.</summary>
    public static UpstreamRequest Write(TaskInput input, string model)
    {
        var options = JsonElement.Parse(input.Options.IsEmpty ? "{}"u8 : input.Options.Span);
        List<string> dropped = [.. NeutralOptions.UntranslatedFields(options)];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            WriteMessages(json, input, options, dropped);
            foreach (var option in options.EnumerateObject().Where(static option => !OwnFields.Contains(option.Name)))
            {
                json.WritePropertyName(option.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(option.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return new(buffer.WrittenMemory, dropped);
    }

    private static void WriteMessages(Utf8JsonWriter json, TaskInput input, JsonElement options, List<string> dropped)
    {
        var content = JsonElement.Parse(input.Content.Span);
        json.WriteStartArray("messages");
        if (options.TryGetProperty(NeutralOptions.Instructions, out var instructions) && instructions.ValueKind == JsonValueKind.String)
            WriteMessage(json, "system", instructions);
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteMessage(json, "user", content);
        }
        else
        {
            foreach (var message in content.EnumerateArray())
                UpstreamMessage.Write(json, message, dropped);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, JsonElement content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WritePropertyName("content");
        content.WriteTo(json);
        json.WriteEndObject();
    }
}
