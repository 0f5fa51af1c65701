namespace StreamRelay.Redis.Operations;

/// <summary>The outcome of handling a completion message.</summary>
public enum CompletionOutcome
{
    /// <summary>The message is applied, and acknowledged.</summary>
    Applied,

    /// <summary>The message can never be applied: it is moved to the dead letters.</summary>
    Refused,

    /// <summary>The message may be applied a moment later; after too many deliveries it is moved to the dead letters.</summary>
    Postponed,

    /// <summary>A store that the message needs is away, which is not the message's fault: the delivery is not counted.</summary>
    Unavailable,
}
