namespace StreamRelay.Redis;

/// <summary>What is to become of a completion message.</summary>
public enum CompletionFate
{
    /// <summary>It is applied, and acknowledged.</summary>
    Done,

    /// <summary>It can never be applied: it goes to the dead letters.</summary>
    Refused,

    /// <summary>It may be applied a moment later; after too many deliveries it goes to the dead letters.</summary>
    Later,

    /// <summary>What it needs is away, which is not its fault: the delivery is not counted.</summary>
    Away,
}
