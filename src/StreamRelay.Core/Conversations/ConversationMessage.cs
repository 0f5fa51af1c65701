using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>A message of a conversation, whichever protocol it came in.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Parts">Its parts, in order. A message of a tool has one: the result.</param>
public sealed record ConversationMessage(string Role, IReadOnlyList<ConversationPart> Parts)
{
    /// <summary>Fields of the message that have no part, such as <c>name</c>; they are kept as they came.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extras { get; init; } = new Dictionary<string, JsonElement>();
}
