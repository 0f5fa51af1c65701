namespace StreamRelay.Conversations;

/// <summary>The reasoning of a model.</summary>
/// <param name="Text">Its text; empty when the model keeps it to itself.</param>
/// <param name="Signature">What the model needs to go on from it: a signature, or the encrypted reasoning. Empty when the model's server gave the reasoning
/// as a part of its own without one; <see langword="null"/> when nothing but the text is known.</param>
public sealed record ReasoningPart(string Text, string? Signature = null) : ConversationPart
{
    /// <summary>Whether <see cref="Signature"/> is the reasoning itself, encrypted; else it signs the text. Default: when there is no text.</summary>
    public bool IsEncrypted { get; init; } = Text.Length == 0;
}
