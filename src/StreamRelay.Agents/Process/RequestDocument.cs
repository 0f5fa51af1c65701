using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.Agents.Process;

/// <summary>Writes the request for a program: one JSON object on one line.</summary>
internal static class RequestDocument
{
    public static ReadOnlyMemory<byte> Write(AgentContext context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("task_id"u8, context.Request.Id.ToString());
            json.WriteString("agent"u8, context.Request.Agent);
            json.WriteNumber("attempt"u8, context.Attempt);
            if (context.Request.SessionId is { } session)
                json.WriteString("session_id"u8, session);

            WriteJson(json, "input", context.Input.Content);
            WriteJson(json, "options", context.Input.Options);
            WriteJson(json, "metadata", context.Request.Metadata);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteJson(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            return;

        // The JSON is parsed and written again, because line breaks in the client's JSON would split the line.
        using var document = JsonDocument.Parse(value);
        json.WritePropertyName(name);
        document.WriteTo(json);
    }
}
