using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Reads a conversation in the form in which tasks keep it, which <see cref="ConversationJson"/> describes.</summary>
public static class ConversationReader
{
    private static readonly string[] MessageFields =
        ["role", "content", "refusal", "reasoning_content", "reasoning_details", "tool_calls", "tool_call_id", ConversationJson.IsError];

    /// <summary>Reads the messages. A text is a message of the user.</summary>
    /// <param name="content">The content of a task's input.</param>
    public static IReadOnlyList<ConversationMessage> Read(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [new("user", [new TextPart(content.GetString()!)])],
        JsonValueKind.Array => [.. content.EnumerateArray().Select(static (message, index) => ReadMessage(message, $"messages[{index}]"))],
        _ => [],
    };

    private static ConversationMessage ReadMessage(JsonElement message, string field)
    {
        var role = message.FindText("role") ?? "user";
        var content = ContentReader.Read(message.Find("content"), $"{field}.content");
        IReadOnlyList<ConversationPart> parts = role == "tool"
            ? [new ToolResultPart(message.FindText("tool_call_id") ?? "", content) { IsError = message.Find(ConversationJson.IsError) is { ValueKind: JsonValueKind.True } }]
            : [.. ReasoningReader.Read(message), .. content, .. ReadRefusal(message), .. ToolCallReader.Read(message.Find("tool_calls"))];
        return new(role, parts) { Extras = message.Others(MessageFields) };
    }

    private static IEnumerable<RefusalPart> ReadRefusal(JsonElement message) =>
        message.FindText("refusal") is { Length: > 0 } text ? [new(text)] : [];
}
