using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Writes requests of Anthropic Messages.</summary>
internal static class MessagesRequestWriter
{
    private const string System = "system";

    /// <summary>Writes the request for the input of a task.</summary>
    /// <param name="input">The input.</param>
    /// <param name="model">The model.</param>
    /// <param name="maxTokens">The limit of an answer where the request names none: this API requires one.</param>
    public static UpstreamRequest Write(TaskInput input, string model, int maxTokens)
    {
        var options = RequestOptions.Read(input);
        return UpstreamRequest.Create(model, options.Dropped, json =>
        {
            var messages = RequestMessages.Read(input).ToArray();
            var instructions = messages.TakeWhile(static message => IsSystem(message.Message)).ToArray();
            WriteSystem(json, options, instructions);
            WriteMessages(json, MessagesTurn.Group(messages.Skip(instructions.Length), options.Dropped), options.Dropped);
            new MessagesOptionWriter(json, options).Write(maxTokens);
        });
    }

    private static bool IsSystem(ConversationMessage message) => message.Role is System or "developer";

    private static void WriteSystem(Utf8JsonWriter json, RequestOptions options, IEnumerable<(ConversationMessage Message, string Field)> messages)
    {
        var writer = new MessagesBlockWriter(json, options.Dropped);
        List<(ConversationPart Part, string Field)> parts = options.Instructions is { } text ? [(new TextPart(text), NeutralOptions.Instructions)] : [];
        foreach (var (message, field) in messages)
        {
            options.Dropped.AddRange(RequestMessages.Extras(message).Select(extra => $"{field}.{extra.Key}"));
            parts.AddRange(message.Parts.Select(part => (part, field)));
        }

        writer.WriteContent(System, parts);
    }

    private static void WriteMessages(Utf8JsonWriter json, IEnumerable<MessagesTurn> turns, List<string> dropped)
    {
        var writer = new MessagesBlockWriter(json, dropped);
        json.WriteStartArray("messages");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role);
            writer.WriteContent("content", turn.Parts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
