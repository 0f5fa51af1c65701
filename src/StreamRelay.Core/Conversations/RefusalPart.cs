namespace StreamRelay.Conversations;

/// <summary>The text with which a model refused to answer.</summary>
/// <param name="Text">The text.</param>
public sealed record RefusalPart(string Text) : ConversationPart;
