namespace StreamRelay.Conversations;

/// <summary>What is appended to a stored conversation.</summary>
/// <param name="Items">The items, in order; without any, the conversation only counts as used.</param>
/// <param name="At">The time of the use.</param>
public sealed record ConversationAddition(IReadOnlyList<ConversationItem> Items, DateTimeOffset At)
{
    /// <summary>The agent whose response the items are, or <see langword="null"/> when a client added them.</summary>
    public string? Agent { get; init; }
}
