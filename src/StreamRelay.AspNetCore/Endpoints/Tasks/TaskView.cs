using System.Text.Json;
using System.Text.Json.Serialization;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A task as clients see it. Times are RFC 3339, UTC, with milliseconds.</summary>
public sealed record TaskView
{
    /// <summary>The task's id.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>task</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "task";

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>The first line of the last user message, shortened; <c>null</c> when the input has no text.</summary>
    public string? Title { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>stopped</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>When its agent started.</summary>
    public string? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public string? EndedAt { get; init; }

    /// <summary>The conversation it belongs to.</summary>
    public string? SessionId { get; init; }

    /// <summary>The external operation that it waits for.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call that it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>1 for the first run, one more for each run after a restart.</summary>
    public long Attempt { get; init; }

    /// <summary>The offset of its last event.</summary>
    public long LastSequence { get; init; }

    /// <summary>How many readers it has now.</summary>
    public int Readers { get; init; }

    /// <summary>Tokens used, once known.</summary>
    public UsageView? Usage { get; init; }

    /// <summary>What the agent, or the operation that the task waited for, returned beside the stream: any JSON, as it was given.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public TaskError? Error { get; init; }

    /// <summary>The sequence of the last event that can be read, when the store has damage after it; else absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DamagedAfter { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<FileView> Files { get; init; }

    /// <summary>What the task was given: a text or an array of messages. Only in the answer to <c>GET /v1/tasks/{id}</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Input { get; init; }

    /// <summary>The client's own metadata.</summary>
    public JsonElement? Metadata { get; init; }
}
