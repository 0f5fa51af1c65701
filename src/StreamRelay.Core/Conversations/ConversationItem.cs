namespace StreamRelay.Conversations;

/// <summary>An item of a stored conversation, such as a message or a call of a tool.</summary>
/// <param name="Id">Its id, which no other item of the conversation has.</param>
/// <param name="Json">The item with its id: a UTF-8 JSON object.</param>
public sealed record ConversationItem(string Id, ReadOnlyMemory<byte> Json);
