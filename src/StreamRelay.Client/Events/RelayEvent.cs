using System.Text.Json;

namespace StreamRelay.Client.Events;

/// <summary>An event of a task. A property for a field that the event does not have, or has with another type, is <see langword="null"/>.</summary>
public sealed class RelayEvent
{
    internal RelayEvent(string id, JsonElement json)
    {
        (Id, Json) = (id, json);
        Sequence = Number("sequence") ?? 0;
        TaskId = Text("task_id") ?? "";
        AgentName = Text("agent_name") ?? "";
        Type = Text("event_type") ?? "";
        Content = Text("content") ?? "";
        Timestamp = Find("timestamp", JsonValueKind.String) is { } time && time.TryGetDateTimeOffset(out var value) ? value : default;
    }

    /// <summary>An event that was received in another way than by reading a task, such as in a page of events as JSON.</summary>
    /// <param name="json">The native JSON of the event.</param>
    public static RelayEvent FromJson(JsonElement json) => new(json.GetProperty("sequence").GetRawText(), json);

    /// <summary>The position after this event, for a reader that continues later.</summary>
    public string Id { get; }

    /// <summary>The whole event as JSON.</summary>
    public JsonElement Json { get; }

    /// <summary>The task.</summary>
    public string TaskId { get; }

    /// <summary>1, 2, 3 … in each task, without gaps.</summary>
    public long Sequence { get; }

    /// <summary>The agent that published it.</summary>
    public string AgentName { get; }

    /// <summary>One of <see cref="RelayEventTypes"/>.</summary>
    public string Type { get; }

    /// <summary>Its text; may be empty.</summary>
    public string Content { get; }

    /// <summary>When it was appended to the log (UTC).</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Of <c>action_start</c>, <c>action_delta</c>, <c>action</c> and <c>observation</c>: the tool call.</summary>
    public string? ToolCallId => Text("tool_call_id");

    /// <summary>Of <c>action_start</c>, <c>action_delta</c> and <c>action</c>: the tool.</summary>
    public string? ToolName => Text("tool_name");

    /// <summary>Of <c>action_start</c>, <c>action_delta</c> and <c>action</c>: whether the client has to run the tool; else the agent does.</summary>
    public bool IsForCaller => Text("executor") == "caller";

    /// <summary>Of <c>action</c>: the arguments; <see langword="null"/> when they are larger than an event may be: the pieces before hold them.</summary>
    public JsonElement? Input => Find("input");

    /// <summary>Of <c>observation</c>: the result as JSON.</summary>
    public JsonElement? Output => Find("output");

    /// <summary>Of <c>observation</c>: whether the tool failed.</summary>
    public bool IsError => Find("is_error", JsonValueKind.True) is not null;

    /// <summary>Of <c>file</c> and <c>data</c>: the name.</summary>
    public string? Name => Text("name");

    /// <summary>Of <c>file</c>: where to download it, relative to the server or absolute.</summary>
    public string? Url => Text("url");

    /// <summary>Of <c>file</c>: its media type.</summary>
    public string? MediaType => Text("media_type");

    /// <summary>Of <c>file</c>: its length in bytes.</summary>
    public long? Size => Number("size");

    /// <summary>Of <c>data</c>: the value.</summary>
    public JsonElement? Data => Find("data");

    /// <summary>Of <c>usage</c>: tokens read by the model.</summary>
    public long? PromptTokens => Number("prompt_tokens");

    /// <summary>Of <c>usage</c>: tokens written by the model.</summary>
    public long? CompletionTokens => Number("completion_tokens");

    /// <summary>Of <c>usage</c>: both together.</summary>
    public long? TotalTokens => Number("total_tokens");

    /// <summary>Of <c>end</c>: <c>completed</c> or <c>stopped</c>.</summary>
    public string? Status => Text("status");

    /// <summary>Of <c>end</c>: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, or the word of the model's server.</summary>
    public string? FinishReason => Text("finish_reason");

    /// <summary>Of <c>error</c>: a stable code.</summary>
    public string? Code => Text("code");

    /// <summary>Whether the task ends with this event.</summary>
    public bool IsTerminal => Type is RelayEventTypes.End or RelayEventTypes.Error;

    /// <summary>A field of the event.</summary>
    /// <returns><see langword="null"/> when the event does not have it.</returns>
    public JsonElement? Find(string name) => Json.TryGetProperty(name, out var value) ? value : null;

    internal long? Number(string name) => Find(name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var value) ? value : null;

    private string? Text(string name) => Find(name, JsonValueKind.String)?.GetString();

    private JsonElement? Find(string name, JsonValueKind kind) => Find(name) is { } value && value.ValueKind == kind ? value : null;
}
