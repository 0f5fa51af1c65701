namespace StreamRelay.Conversations;

/// <summary>Earlier messages of a conversation, and new ones after them.</summary>
/// <param name="Messages">A UTF-8 JSON array of messages.</param>
/// <param name="Earlier">How many of them are earlier ones.</param>
/// <param name="IsWhole">Whether no earlier turn was left out.</param>
public sealed record ContinuedConversation(ReadOnlyMemory<byte> Messages, int Earlier, bool IsWhole);
