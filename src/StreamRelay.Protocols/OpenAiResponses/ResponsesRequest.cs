using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>A checked <c>POST /v1/responses</c>.</summary>
/// <param name="Model">The agent's name, or <see langword="null"/>.</param>
/// <param name="Stream">Whether to answer with a stream.</param>
/// <param name="Background">Whether the response goes on when nobody reads it.</param>
/// <param name="Store">Whether the response is kept after its end.</param>
/// <param name="Previous">The id of the response whose conversation this one continues, or <see langword="null"/>.</param>
/// <param name="Json">The body.</param>
public sealed record ResponsesRequest(string? Model, bool Stream, bool Background, bool Store, string? Previous, JsonElement Json)
{
    /// <summary>Checks all of a body but its input.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static ResponsesRequest Read(JsonElement json)
    {
        var background = json.Flag("background");
        var store = json.Optional("store") is null || json.Flag("store");
        if (background && !store)
            throw RequestException.Invalid("'background' needs 'store': what is not kept cannot be read later.", "store", "invalid_value");

        return new(json.OptionalText("model"), json.Flag("stream"), background, store, json.OptionalText("previous_response_id"), json);
    }

    /// <summary>The input in the form that agents get.</summary>
    /// <exception cref="RequestException">400: it is malformed, or has a field that is not supported.</exception>
    public TaskInput ToInput()
    {
        var options = new OptionsBuilder();
        options.Add(Json, ResponsesFields.Body, new ResponsesOptions(options).Translate);
        var messages = new ResponsesInput(options).Read(Json.Optional("input"));
        return new(ConversationJson.Write(messages), options.ToJson());
    }

    /// <summary>The task that the request starts.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="input">The input, with the messages of the whole conversation.</param>
    public TaskRequestDraft ToDraft(string agent, TaskInput input) => new(agent, input)
    {
        InputName = "input",
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        Protocol = ResponsesEcho.Of(this),
        IsRead = Stream || !Background,
        Ephemeral = !Store,
    };
}
