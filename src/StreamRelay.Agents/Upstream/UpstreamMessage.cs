using System.Runtime.InteropServices;
using System.Text.Json;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream;

/// <summary>Writes a message of the conversation.</summary>
internal static class UpstreamMessage
{
    /// <summary>Copies the message. Parts that have no form in Chat Completions are left out and named in <paramref name="dropped"/>.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement message, List<string> dropped)
    {
        json.WriteStartObject();

        // Chat Completions has no place for the flag of a result; the text of the result says what failed.
        foreach (var field in message.EnumerateObject().Where(static field => field.Name != ConversationJson.IsError))
        {
            json.WritePropertyName(field.Name);
            if (field.Name == "content" && field.Value.ValueKind == JsonValueKind.Array)
                WriteParts(json, field.Value, dropped);
            else
                WriteRaw(json, field.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>A field of an object, when it is a text.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static void WriteParts(Utf8JsonWriter json, JsonElement parts, List<string> dropped)
    {
        JsonElement[] kept = [.. parts.EnumerateArray().Where(static part => Attachment(part) is null)];
        dropped.AddRange(parts.EnumerateArray().Select(Attachment).OfType<string>());
        if (kept.Length == 0 && parts.GetArrayLength() > 0)
        {
            // Servers refuse an empty list.
            json.WriteStringValue("");
            return;
        }

        json.WriteStartArray();
        foreach (var part in kept)
            WritePart(json, part);

        json.WriteEndArray();
    }

    /// <summary>Copies a part. Text that a client wrote with a type of Responses gets the type of Chat Completions.</summary>
    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        if (!HasType(part, "input_text") && !HasType(part, "output_text"))
        {
            WriteRaw(json, part);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WritePropertyName("text");
        WriteRaw(json, part.GetProperty("text"));
        json.WriteEndObject();
    }

    /// <summary>The field of the client's request that an attachment came in; <see langword="null"/> for any other part.</summary>
    private static string? Attachment(JsonElement part) =>
        HasType(part, ConversationJson.Attachment) && part.TryGetProperty(ConversationJson.Attachment, out var attachment) ? Text(attachment, "field") : null;

    private static bool HasType(JsonElement part, string type) => Text(part, "type") == type;

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
