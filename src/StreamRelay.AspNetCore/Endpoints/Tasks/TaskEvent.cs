namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>The data of one native frame, as the API document describes it. A stream that was read to its end closes with <c>{"type":"connection_end",…}</c>.</summary>
public sealed record TaskEvent : EventView
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The offset of the event in the log: 1, 2, 3 … without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The speaker: the agent of the task, or another one of a crew.</summary>
    public required string AgentName { get; init; }

    /// <summary><c>start</c>, the kinds that a push can have, and <c>end</c> or <c>error</c> as the last one.</summary>
    public required string EventType { get; init; }

    /// <summary>RFC 3339, UTC, with milliseconds.</summary>
    public required string Timestamp { get; init; }

    /// <summary>Of <c>end</c>: <c>completed</c> or <c>stopped</c>.</summary>
    public string? Status { get; init; }
}
