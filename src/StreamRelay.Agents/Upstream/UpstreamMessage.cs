using System.Text.Json;

namespace StreamRelay.Agents.Upstream;

/// <summary>Writes a message of the conversation in the form of Chat Completions.</summary>
internal static class UpstreamMessage
{
    private static readonly string[] Fields = ["role", "name", "tool_calls", "tool_call_id", "refusal"];

    public static void Write(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartObject();
        foreach (var field in message.EnumerateObject().Where(field => Fields.Contains(field.Name)))
            field.WriteTo(json);
        if (message.TryGetProperty("content", out var content))
        {
            json.WritePropertyName("content");
            WriteContent(json, content);
        }

        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            content.WriteTo(json);
            return;
        }

        json.WriteStartArray();
        foreach (var part in content.EnumerateArray())
            WritePart(json, part);

        json.WriteEndArray();
    }

    /// <summary>Writes a text part of any protocol with the type of Chat Completions; other parts are copied.</summary>
    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        if (!part.TryGetProperty("text", out var text))
        {
            part.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WritePropertyName("text");
        text.WriteTo(json);
        json.WriteEndObject();
    }
}
