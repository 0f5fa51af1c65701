namespace StreamRelay.Tasks;

/// <summary>The request that started a task: the part of a task that never changes. The input is stored separately, as <see cref="TaskInput"/>.</summary>
public sealed record TaskRequest
{
    /// <summary>The task's id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>The owner of the key that started the task. Other owners cannot see the task.</summary>
    public required string Owner { get; init; }

    /// <summary>The id of the key that started the task; <see langword="null"/> for a caller without a key.</summary>
    public string? KeyId { get; init; }

    /// <summary>When it was accepted (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The path below which the caller found the routes of StreamRelay, such as <c>/ai</c>, and finds the files of the task; empty at the root. URLs in events begin with it.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The conversation it belongs to, or <see langword="null"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The outside operation it waits for, or <see langword="null"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call it answers, or <see langword="null"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>, unique per owner, or <see langword="null"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the part of the request that a repetition has in common with it: the body, or the last message of a chat; <see langword="null"/> when repetitions cannot be recognized.</summary>
    public string? RequestFingerprint { get; init; }

    /// <summary>The first line of the last user message, shortened to 80 characters; <see langword="null"/> when the input has no text.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the task is deleted as soon as it has ended and has no readers.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Whether other processes append the task's events, through any node.</summary>
    public bool IsExternal { get; init; }

    /// <summary>The client's own metadata: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>Facts of the protocol that encoders need, written into the <c>start</c> event: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Protocol { get; init; }
}
