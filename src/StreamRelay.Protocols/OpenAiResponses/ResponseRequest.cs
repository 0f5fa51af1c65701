using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>A checked <c>POST /v1/responses</c>. Fields it does not know are kept as options for the agent.</summary>
internal sealed record ResponseRequest(string? Model, bool Stream, bool Background, bool Store, string? Previous, JsonElement Json)
{
    /// <exception cref="RequestException">400, naming the field at fault.</exception>
    public static ResponseRequest Read(JsonElement json)
    {
        var background = json.Flag("background");
        var store = json.Optional("store") is null || json.Flag("store");
        if (background && !store)
            throw RequestException.Invalid("'background' needs 'store': what is not kept cannot be read later.", "store", "invalid_value");

        return new(json.OptionalText("model"), json.Flag("stream"), background, store, json.OptionalText("previous_response_id"), json);
    }

    /// <summary>The input as a list of messages.</summary>
    /// <exception cref="RequestException">400: it is malformed.</exception>
    public ReadOnlyMemory<byte> Messages() => ResponseInput.ToMessages(Json.Optional("input"));

    public TaskRequestDraft ToDraft(string agent) => new(agent)
    {
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        Protocol = ResponseEcho.Of(Json, Background, Store, Previous),
        IsRead = Stream || !Background,
        Ephemeral = !Store,
    };
}
