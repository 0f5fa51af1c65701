namespace StreamRelay.Conversations;

/// <summary>The result of a tool call.</summary>
/// <param name="CallId">The id of the call.</param>
/// <param name="Content">Text and media.</param>
public sealed record ToolResultPart(string CallId, IReadOnlyList<ConversationPart> Content) : ConversationPart
{
    /// <summary>Whether the tool failed, and the content says how.</summary>
    public bool IsError { get; init; }
}
