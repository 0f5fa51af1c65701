namespace StreamRelay.Conversations;

/// <summary>Which items of a stored conversation to list.</summary>
/// <param name="After">Only items that follow this one in the order of the list; <see langword="null"/> for the first ones.</param>
/// <param name="Descending">Whether the newest item is the first.</param>
/// <param name="Limit">At most this many.</param>
public readonly record struct ConversationItemQuery(string? After, bool Descending, int Limit);
