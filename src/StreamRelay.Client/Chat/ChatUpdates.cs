using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Events;

namespace StreamRelay.Client.Chat;

/// <summary>Turns the events of one task into updates of a chat answer. Each update has its event as raw representation.</summary>
/// <param name="server">The address that URLs of files are relative to.</param>
internal sealed class ChatUpdates(Uri server)
{
    private readonly Dictionary<string, StringBuilder> _arguments = [];

    /// <summary>The update for an event; without content for an event that a chat has no place for.</summary>
    /// <exception cref="RelayTaskFailedException">The event says that the task failed.</exception>
    public ChatResponseUpdate Create(RelayEvent next)
    {
        if (next.Type == RelayEventTypes.Error)
            throw new RelayTaskFailedException(next.Content, next.TaskId) { Code = next.Code };

        return new(ChatRole.Assistant, Contents(next))
        {
            AuthorName = next.AgentName,
            CreatedAt = next.Timestamp,
            FinishReason = next.Type == RelayEventTypes.End ? FinishReason(next) : null,
            MessageId = next.TaskId,
            ModelId = next.AgentName,
            RawRepresentation = next,
            ResponseId = next.TaskId,
        };
    }

    private static ChatFinishReason FinishReason(RelayEvent end) => new((end.Status == "stopped" ? end.Status : end.FinishReason) ?? "stop");

    /// <summary>The media type of a file, where an agent gave a valid one.</summary>
    private static string MediaType(RelayEvent file) => MediaTypeHeaderValue.TryParse(file.MediaType, out var type) && type.MediaType is { } name ? name : "application/octet-stream";

    private List<AIContent> Contents(RelayEvent next)
    {
        switch (next.Type)
        {
            case RelayEventTypes.Output when next.Content.Length > 0:
                return [new TextContent(next.Content)];
            case RelayEventTypes.Thought when next.Content.Length > 0:
                return [new TextReasoningContent(next.Content)];
            case RelayEventTypes.ActionDelta:
                AddArguments(next);
                return [];
            case RelayEventTypes.Action:
                return [Call(next)];
            case RelayEventTypes.Observation:
                return [Result(next)];
            case RelayEventTypes.File when Uri.TryCreate(server, next.Url, out var address):
                return [new UriContent(address, MediaType(next))];
            case RelayEventTypes.Usage:
                return [new UsageContent(Usage(next))];
            default:
                return [];
        }
    }

    private void AddArguments(RelayEvent delta)
    {
        var id = delta.ToolCallId ?? "";
        if (!_arguments.TryGetValue(id, out var text))
            _arguments[id] = text = new();

        text.Append(delta.Content);
    }

    /// <summary>A call that the agent runs itself is informational, so that no middleware runs it again.</summary>
    private FunctionCallContent Call(RelayEvent action)
    {
        var id = action.ToolCallId ?? "";
        _arguments.Remove(id, out var pieces);
        return new(id, action.ToolName ?? "", Arguments(action.Input, pieces?.ToString() ?? "")) { InformationalOnly = !action.IsForCaller };
    }

    private static Dictionary<string, object?> Arguments(JsonElement? input, string pieces)
    {
        var arguments = input ?? Parse(pieces);
        return arguments is { ValueKind: JsonValueKind.Object } fields
            ? fields.EnumerateObject().ToDictionary(field => field.Name, field => (object?)field.Value)
            : new() { ["input"] = arguments };
    }

    /// <summary>The arguments; a tool may take a text that is not JSON.</summary>
    private static JsonElement Parse(string pieces)
    {
        try
        {
            return JsonElement.Parse(pieces);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(pieces, ChatJson.Options);
        }
    }

    private static FunctionResultContent Result(RelayEvent observation)
    {
        var result = observation.Output ?? (object?)observation.Content;
        return new(observation.ToolCallId ?? "", result) { Exception = observation.IsError ? new InvalidOperationException(observation.Content) : null };
    }

    private static UsageDetails Usage(RelayEvent usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.TotalTokens,
        CachedInputTokenCount = Detail(usage, "prompt_tokens_details", "cached_tokens"),
        ReasoningTokenCount = Detail(usage, "completion_tokens_details", "reasoning_tokens"),
    };

    private static long? Detail(RelayEvent usage, string details, string name) =>
        usage.Find(details) is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out var value) ? value : null;
}
