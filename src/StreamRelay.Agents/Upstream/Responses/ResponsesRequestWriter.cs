using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Writes requests of OpenAI Responses. Each holds the whole conversation, and the server is asked not to keep it.</summary>
internal static class ResponsesRequestWriter
{
    /// <summary>Writes the request for the input of a task.</summary>
    public static UpstreamRequest Write(TaskInput input, string model)
    {
        var options = RequestOptions.Read(input);
        return UpstreamRequest.Create(model, options.Dropped, json =>
        {
            json.WriteOptional(NeutralOptions.Instructions, options.Instructions);
            var messages = RequestMessages.Read(input).ToArray();
            var writer = new ResponsesItemWriter(json, options.Dropped);
            json.WriteStartArray("input");
            foreach (var (message, field) in messages)
                writer.Write(message, field);

            json.WriteEndArray();
            new ResponsesOptionWriter(json, options).Write(hasReasoning: messages.Any(static message => HasEncryptedReasoning(message.Message)));
        });
    }

    private static bool HasEncryptedReasoning(ConversationMessage message) => message.Parts.OfType<ReasoningPart>().Any(static part => part.Signature is { Length: > 0 });
}
