namespace StreamRelay.Protocols.Http;

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
}
