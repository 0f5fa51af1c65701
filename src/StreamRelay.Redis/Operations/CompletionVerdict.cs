namespace StreamRelay.Redis;

/// <summary>What is to become of a completion message, and why.</summary>
/// <param name="Fate">What.</param>
/// <param name="Reason">Why; it may be shown to whoever looks at the dead letters.</param>
public readonly record struct CompletionVerdict(CompletionFate Fate, string Reason)
{
    /// <summary>It is applied.</summary>
    public static CompletionVerdict Done { get; } = new(CompletionFate.Done, "");

    /// <summary>It can never be applied.</summary>
    public static CompletionVerdict Refused(string reason) => new(CompletionFate.Refused, reason);

    /// <summary>It may be applied a moment later.</summary>
    public static CompletionVerdict Later(string reason) => new(CompletionFate.Later, reason);

    /// <summary>What it needs is away.</summary>
    public static CompletionVerdict Away(string reason) => new(CompletionFate.Away, reason);
}
