using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>Messages of a conversation as those of a chat client.</summary>
internal static class ChatAgentMessages
{
    /// <summary>The message; what a chat client has no form for is left out.</summary>
    /// <exception cref="AgentException">The bytes of a media part are not Base64; the code is <c>invalid_media</c>.</exception>
    public static ChatMessage ToChat(ConversationMessage message) =>
        new(new ChatRole(message.Role == "developer" ? "system" : message.Role), [.. message.Parts.Select(ToContent).OfType<AIContent>()]);

    private static AIContent? ToContent(ConversationPart part) => part switch
    {
        TextPart text => new TextContent(text.Text),
        RefusalPart refusal => new TextContent(refusal.Text),
        ReasoningPart { Text.Length: > 0 } reasoning => new TextReasoningContent(reasoning.Text),
        MediaPart media => ToMedia(media),
        ToolCallPart call => new FunctionCallContent(call.Id, call.Name, Arguments(call)),
        ToolResultPart result => new FunctionResultContent(result.CallId, string.Concat(result.Content.OfType<TextPart>().Select(static text => text.Text))),
        _ => null,
    };

    private static AIContent? ToMedia(MediaPart media)
    {
        var type = media.MediaType ?? (media.Kind == MediaKind.Image ? "image/png" : "application/octet-stream");
        try
        {
            return media.Data is { } data ? new DataContent(Convert.FromBase64String(data), type) { Name = media.Name }
                : media.Url is { } url ? new UriContent(url, type)
                : media.FileId is { } id ? new HostedFileContent(id)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new AgentException("invalid_media", $"{media.Field} holds neither Base64 with a media type nor an address.", exception);
        }
    }

    private static Dictionary<string, object?>? Arguments(ToolCallPart call)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Input);
        }
        catch (JsonException)
        {
            return new() { ["input"] = call.Input };
        }
    }
}
