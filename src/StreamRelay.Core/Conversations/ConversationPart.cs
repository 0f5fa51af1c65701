namespace StreamRelay.Conversations;

/// <summary>A piece of a message, whichever protocol it came in.</summary>
public abstract record ConversationPart;
