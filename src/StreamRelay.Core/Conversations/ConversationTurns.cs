using System.Runtime.InteropServices;
using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Selects the messages of a conversation that are sent to an agent again: what instructs it, and the newest turns that fit.</summary>
internal static class ConversationTurns
{
    /// <summary>The messages that come before an answer. A turn is a message of the user with everything after it up to the next one; it is kept whole or not at all.</summary>
    /// <param name="messages">All messages before the answer; those before the first one of the user are always kept.</param>
    /// <param name="answerBytes">The bytes of the answer, which ends the newest turn.</param>
    /// <param name="maxBytes">The most bytes of all turns together.</param>
    /// <returns>The messages that are kept, and whether the answer is.</returns>
    public static (IReadOnlyList<JsonElement> Messages, bool KeepsAnswer) Select(IReadOnlyList<JsonElement> messages, long answerBytes, long maxBytes)
    {
        var first = 0;
        while (first < messages.Count && !IsUser(messages[first]))
            first++;

        var kept = messages.Count;
        var left = maxBytes - answerBytes;
        for (var index = messages.Count - 1; index >= first; index--)
        {
            left -= Size(messages[index]);
            if (left < 0)
                break;
            if (IsUser(messages[index]))
                kept = index;
        }

        return ([.. messages.Take(first), .. messages.Skip(kept)], first == messages.Count ? left >= 0 : kept < messages.Count);
    }

    private static bool IsUser(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && role.ValueEquals("user");

    private static int Size(JsonElement message) => JsonMarshal.GetRawUtf8Value(message).Length;
}
