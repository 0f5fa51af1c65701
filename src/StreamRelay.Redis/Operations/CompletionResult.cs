namespace StreamRelay.Redis.Operations;

/// <summary>The outcome of handling a completion message, and its reason.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Reason">The reason; it may be shown to a reader of the dead letters.</param>
public readonly record struct CompletionResult(CompletionOutcome Outcome, string Reason)
{
    /// <summary>The message is applied.</summary>
    public static CompletionResult Applied { get; } = new(CompletionOutcome.Applied, "");

    /// <summary>The message can never be applied.</summary>
    public static CompletionResult Refused(string reason) => new(CompletionOutcome.Refused, reason);

    /// <summary>The message may be applied a moment later.</summary>
    public static CompletionResult Postponed(string reason) => new(CompletionOutcome.Postponed, reason);

    /// <summary>A store that the message needs is away.</summary>
    public static CompletionResult Unavailable(string reason) => new(CompletionOutcome.Unavailable, reason);
}
