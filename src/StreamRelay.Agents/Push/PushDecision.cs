namespace StreamRelay.Agents.Push;

/// <summary>How a pushed event is handled.</summary>
public enum PushDecision
{
    /// <summary>The event is new and is appended.</summary>
    Accepted,

    /// <summary>The log has the event already; it is not appended again.</summary>
    Duplicate,

    /// <summary>An earlier event of the producer is missing; the event is not appended.</summary>
    Gap,

    /// <summary>The producer has begun a newer epoch; the event is not appended.</summary>
    Fenced,

    /// <summary>The event begins a new epoch with another number than 0; it is not appended.</summary>
    BadEpoch,

    /// <summary>The task has ended; the event is not appended.</summary>
    Ended,
}
