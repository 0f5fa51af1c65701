namespace StreamRelay.Conversations;

/// <summary>The reasoning of a model.</summary>
/// <param name="Text">Its text; empty when the model keeps it to itself.</param>
/// <param name="Signature">What the model needs to go on from it: a signature, or the encrypted reasoning. <see langword="null"/> when there is none.</param>
public sealed record ReasoningPart(string Text, string? Signature = null) : ConversationPart;
