using StreamRelay.Agents;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Requests;

/// <summary>The task that a protocol's request starts, before the caller is known.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Input">The input of the agent.</param>
public sealed record TaskRequestDraft(string Agent, TaskInput Input)
{
    /// <summary>The field of the request that holds the input, for errors.</summary>
    public string InputName { get; init; } = "messages";

    /// <summary>The conversation, or <see langword="null"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>The external operation that the task waits for, or <see langword="null"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call that the task answers, or <see langword="null"/>.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The client's metadata, which has the options of agents: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>The field of the request that holds the metadata, for errors.</summary>
    public string MetadataName { get; init; } = "metadata";

    /// <summary>Whether the metadata is kept only for an agent that takes options, because the protocol has no field for metadata.</summary>
    public bool IsMetadataForOptions { get; init; }

    /// <summary>The fields that the protocol's encoder reads from the <c>start</c> event: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Protocol { get; init; }

    /// <summary>Whether the answer to the request reads the task. The answer is then counted as a reader before the task starts, so that the task cannot end without one.</summary>
    public bool IsRead { get; init; }

    /// <summary>Whether the task is deleted when it has ended and nobody reads it.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The rule for a request that comes while another task of the conversation runs, where the agent's options have none; <see langword="null"/>: both run.</summary>
    public DoubleText? DoubleText { get; init; }

    /// <summary>The idempotency key of a request that names its run itself; an <c>Idempotency-Key</c> wins over it.</summary>
    public string? ProtocolKey { get; init; }

    /// <summary>The bytes that a repeated request has in common with the first, where that is not its whole body; else empty.
    /// A request without a key joins the running task of its conversation that has the same bytes.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; init; }
}
