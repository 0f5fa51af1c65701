using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Chat;

/// <summary>Writes a message of the conversation.</summary>
internal static class ChatMessageWriter
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
                json.WriteRaw(field.Value);
        }

        json.WriteEndObject();
    }

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
        if (RequestJson.Text(part, "type") is not ("input_text" or "output_text"))
        {
            json.WriteRaw(part);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteOptional("text", part.Find("text"));
        json.WriteEndObject();
    }

    /// <summary>The field of the client's request that an attachment came in; <see langword="null"/> for any other part.</summary>
    private static string? Attachment(JsonElement part) =>
        RequestJson.Text(part, "type") == ConversationJson.Attachment && part.Find(ConversationJson.Attachment) is { } attachment
            ? RequestJson.Text(attachment, "field")
            : null;
}
