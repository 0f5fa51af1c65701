using System.Text.Json;

namespace StreamRelay.Client.Tasks;

/// <summary>A task as the server describes it.</summary>
public sealed record RelayTask
{
    /// <summary>The task's id.</summary>
    public required string Id { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>The first line of the last user message, shortened; <see langword="null"/> when the input has no text.</summary>
    public string? Title { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or <c>stopped</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its agent started; <see langword="null"/> before that.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; <see langword="null"/> before that.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The conversation it belongs to, or <see langword="null"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The external operation that it waits for, or <see langword="null"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call that it answers, or <see langword="null"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>1 for the first run, one more for each run after a restart.</summary>
    public long Attempt { get; init; }

    /// <summary>The sequence of its last event.</summary>
    public long LastSequence { get; init; }

    /// <summary>How many readers it has now.</summary>
    public int Readers { get; init; }

    /// <summary>Tokens used; <see langword="null"/> until they are known.</summary>
    public RelayUsage? Usage { get; init; }

    /// <summary>What the agent returned beside its stream: any JSON, or <see langword="null"/>.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it failed; <see langword="null"/> when it did not.</summary>
    public RelayTaskError? Error { get; init; }

    /// <summary>The sequence of the last event that can be read, when the store has damage after it; else <see langword="null"/>.</summary>
    public long? DamagedAfter { get; init; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<RelayFile> Files { get; init; } = [];

    /// <summary>What it was given: a text or a list of messages. Only of a single task that was asked for; else <see langword="null"/>.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The metadata of its start, or <see langword="null"/>.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Whether it has completed, failed or been stopped.</summary>
    public bool IsEnded => Status is "completed" or "failed" or "stopped";
}
