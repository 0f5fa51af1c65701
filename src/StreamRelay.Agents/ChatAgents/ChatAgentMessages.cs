using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>Messages of a conversation as those of a chat client.</summary>
internal static class ChatAgentMessages
{
    /// <summary>The message.</summary>
    /// <param name="message">A message of the conversation.</param>
    /// <param name="dropped">Gets the fields of parts that a chat client has no form for.</param>
    /// <exception cref="AgentException">A media part cannot be read; the code is <c>invalid_media</c>.</exception>
    public static ChatMessage ToChat(ConversationMessage message, List<string> dropped) =>
        new(new ChatRole(message.Role == "developer" ? "system" : message.Role), [.. ToContents(message.Parts, dropped)]);

    private static IEnumerable<AIContent> ToContents(IEnumerable<ConversationPart> parts, List<string> dropped) =>
        parts.Select(part => ToContent(part, dropped)).OfType<AIContent>();

    private static AIContent? ToContent(ConversationPart part, List<string> dropped)
    {
        switch (part)
        {
            case TextPart text:
                return new TextContent(text.Text);
            case RefusalPart refusal:
                return new TextContent(refusal.Text);
            case ReasoningPart reasoning:
                return new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.Signature };
            case MediaPart media:
                return ToMedia(media);
            case ToolCallPart call:
                return new FunctionCallContent(call.Id, call.Name, Arguments(call));
            case ToolResultPart result:
                return ToResultContent(result, dropped);
            case UnknownPart unknown:
                dropped.Add(unknown.Field);
                return null;
            default:
                return null;
        }
    }

    // A chat client reports the failure to its model from the exception, or from the result alone.
    private static FunctionResultContent ToResultContent(ToolResultPart result, List<string> dropped) =>
        new(result.CallId, ToResult(result, dropped)) { Exception = result.IsError ? new InvalidOperationException("The tool failed.") : null };

    private static object ToResult(ToolResultPart result, List<string> dropped) => result.Content.All(static part => part is TextPart)
        ? string.Concat(result.Content.OfType<TextPart>().Select(static text => text.Text))
        : ToContents(result.Content, dropped).ToList();

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
            throw new AgentException("invalid_media", $"'{media.Field}' is neither Base64 with a media type nor an address.", exception);
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
