using StreamRelay.Agents;

namespace StreamRelay.Protocols.Requests;

/// <summary>What a protocol's request says of the task it starts.</summary>
/// <param name="Agent">The agent's name.</param>
public sealed record TaskRequestDraft(string Agent)
{
    /// <summary>The conversation, or <see langword="null"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The outside operation, or <see langword="null"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call it answers, or <see langword="null"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The client's metadata: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>What the protocol's encoder needs to know: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Protocol { get; init; }

    /// <summary>Whether the answer to the request reads the task. It is a reader from before the start, so that the task cannot end unread.</summary>
    public bool IsRead { get; init; }

    /// <summary>Whether the task is forgotten when it has ended and nobody reads it.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>What the protocol does while another task of the conversation runs, where the agent's options do not say; <see langword="null"/>: nothing.</summary>
    public DoubleText? DoubleText { get; init; }

    /// <summary>The key of a protocol whose requests name their run themselves; an <c>Idempotency-Key</c> wins over it.</summary>
    public string? ProtocolKey { get; init; }

    /// <summary>What a repeated request has in common with the first, where that is not its whole body; else empty.
    /// Without a key, a request that has it in common with the running task of its conversation joins that task.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }
}
