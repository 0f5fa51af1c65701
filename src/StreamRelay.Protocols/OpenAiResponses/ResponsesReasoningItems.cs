using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Writes the reasoning of a message as items, as the reader of requests reads it.</summary>
internal static class ResponsesReasoningItems
{
    private const string Details = "reasoning_details";

    private static readonly string[] Own = ["role", "content", "refusal", "reasoning_content", Details, "tool_calls", "tool_call_id", ConversationJson.IsError];

    private static readonly string[] OwnDetails = ["type", "text", "signature", "data"];

    /// <summary>The encrypted reasoning among the fields of a model's server: a JSON string, or empty.</summary>
    public static ReadOnlyMemory<byte> Encrypted(ReadOnlyMemory<byte> fields) => JsonSlices.Items(JsonSlices.Member(fields, Details))
        .Select(static detail => JsonSlices.Member(detail, "data")).LastOrDefault(static data => !data.IsEmpty && data.Span[0] == '"');

    /// <summary>The fields of a message that no item has a place for. Details of reasoning in the form of another server are among them.</summary>
    public static IReadOnlyList<JsonProperty> Extras(JsonElement message) =>
        [.. message.EnumerateObject().Where(field => !Own.Contains(field.Name) || (field.Name == Details && FindDetails(message) is null))];

    /// <summary>Writes an item for each signature, or one for the text.</summary>
    /// <param name="message">The message of an assistant.</param>
    /// <param name="add">Adds an item, whose fields it writes.</param>
    public static void Write(JsonElement message, Action<Action<Utf8JsonWriter>> add)
    {
        if (FindDetails(message) is { } details)
        {
            foreach (var detail in details.EnumerateArray())
                add(json => Write(json, Text(detail, "text"), Text(detail, "signature") ?? Text(detail, "data")));
        }
        else if (Text(message, "reasoning_content") is { } text)
        {
            add(json => Write(json, text, null));
        }
    }

    private static void Write(Utf8JsonWriter json, string? text, string? signature)
    {
        json.WriteStartArray("summary");
        if (text is not null)
        {
            json.WriteStartObject();
            json.WriteString("type", "summary_text");
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (signature is not null)
            json.WriteString("encrypted_content", signature);
    }

    /// <returns><see langword="null"/> when there are none, or when they have fields of another server.</returns>
    private static JsonElement? FindDetails(JsonElement message) =>
        message.TryGetProperty(Details, out var details) && details.ValueKind == JsonValueKind.Array && details.EnumerateArray().All(IsOwn) ? details : null;

    private static bool IsOwn(JsonElement detail) =>
        detail.ValueKind == JsonValueKind.Object && detail.EnumerateObject().All(static field => OwnDetails.Contains(field.Name) && field.Value.ValueKind == JsonValueKind.String);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
