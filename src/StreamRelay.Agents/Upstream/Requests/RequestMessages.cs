using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>The conversation of a task's input, with the names of its messages in the client's request.</summary>
internal static class RequestMessages
{
    // What an answer has, and a client sends back with it; no model needs it.
    private static readonly string[] Descriptions = ["id", "annotations", "logprobs", "status"];

    /// <summary>Reads the messages, each with its name.</summary>
    public static IEnumerable<(ConversationMessage Message, string Field)> Read(TaskInput input) =>
        ConversationReader.Read(JsonElement.Parse(input.Content.Span)).Select(static (message, index) => (message, $"messages[{index}]"));

    /// <summary>The names of the fields of a message that ask for something.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Extras(ConversationMessage message) =>
        message.Extras.Where(static extra => !Descriptions.Contains(extra.Key) && !extra.Value.IsEmpty());
}
