using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>A piece of a message, whichever protocol it came in.</summary>
public abstract record ConversationPart
{
    private static readonly Dictionary<string, JsonElement> None = [];

    /// <summary>Fields of a text, of media or of a call that the part has beside its own, such as <c>cache_control</c>; they are kept as they came.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extras { get; init; } = None;
}
