using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>A checked <c>POST /v1/responses</c>. Fields it does not know are kept as options for the agent.</summary>
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

    /// <summary>The input as the list of messages that agents get.</summary>
    /// <exception cref="RequestException">400: it is malformed.</exception>
    public ReadOnlyMemory<byte> ToMessages() => ResponsesInput.ToMessages(Json.Optional("input"));

    /// <summary>The task that the request starts.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="messages">The messages of the whole conversation.</param>
    public TaskRequestDraft ToDraft(string agent, ReadOnlyMemory<byte> messages) => new(agent, new(messages, Json.Without("input")))
    {
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        Protocol = ResponsesEcho.Of(this),
        IsRead = Stream || !Background,
        Ephemeral = !Store,
    };
}
