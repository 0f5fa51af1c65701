using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>A message of Anthropic Messages. The results of one turn's calls are in one message of the user, with what the user says next.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Parts">Its parts, each with the field of the client's request that it came in.</param>
internal sealed record MessagesTurn(string Role, List<(ConversationPart Part, string Field)> Parts)
{
    private const string User = "user";
    private const string Assistant = "assistant";
    private const string Tool = "tool";

    /// <summary>Groups messages.</summary>
    /// <param name="messages">The messages after the first instructions.</param>
    /// <param name="dropped">Gets the names of what has no form in this API: messages of other roles, and fields of a message.</param>
    public static IEnumerable<MessagesTurn> Group(IEnumerable<(ConversationMessage Message, string Field)> messages, List<string> dropped)
    {
        List<MessagesTurn> turns = [];
        var isResults = false;
        foreach (var (message, field) in messages)
        {
            if (message.Role is not (User or Assistant or Tool))
            {
                dropped.Add(field);
                continue;
            }

            dropped.AddRange(RequestMessages.Extras(message).Select(extra => $"{field}.{extra.Key}"));
            var parts = Select(message, dropped).Select(part => (part, field)).ToList();
            if (isResults && message.Role != Assistant)
                turns[^1].Parts.AddRange(parts);
            else if (message.Role != Assistant || parts.Exists(static part => part.part is not TextPart { Text: "" }))
                turns.Add(new(message.Role == Assistant ? Assistant : User, parts));

            isResults = message.Role == Tool;
        }

        return turns;
    }

    /// <summary>The parts; an assistant's message has no media in this API.</summary>
    private static IEnumerable<ConversationPart> Select(ConversationMessage message, List<string> dropped)
    {
        if (message.Role != Assistant)
            return message.Parts;

        dropped.AddRange(message.Parts.OfType<MediaPart>().Select(static media => media.Field));
        return message.Parts.Where(static part => part is not MediaPart);
    }
}
