namespace StreamRelay.Conversations;

/// <summary>Text.</summary>
/// <param name="Text">The text; it may be empty.</param>
public sealed record TextPart(string Text) : ConversationPart;
