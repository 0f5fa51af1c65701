namespace StreamRelay.Tasks;

/// <summary>What was asked for: the part of a task that never changes. Small; the input itself is kept apart, in <see cref="TaskInput"/>.</summary>
public sealed record TaskRequest
{
    /// <summary>The task's id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>Who may see the task: the owner of the key that started it.</summary>
    public required string Owner { get; init; }

    /// <summary>When it was accepted (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The conversation it belongs to, or <see langword="null"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The outside operation it waits for, or <see langword="null"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call it answers, or <see langword="null"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>, unique per owner, or <see langword="null"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of what a repetition of the request has in common with it: its body, or the last message of a chat; <see langword="null"/> when nothing makes one.</summary>
    public string? BodyHash { get; init; }

    /// <summary>Whether the task is forgotten as soon as it has ended and nobody reads it.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The client's own metadata: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>Protocol facts that encoders need, written into the <c>start</c> event: a UTF-8 JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Protocol { get; init; }
}
