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
/// <param name="Conversation">The id of the conversation that the response belongs to, or <see langword="null"/>.</param>
/// <param name="Json">The body.</param>
public sealed record ResponsesRequest(string? Model, bool Stream, bool Background, bool Store, string? Previous, string? Conversation, JsonElement Json)
{
    /// <summary>Whether the oldest of the earlier turns are left out when all of them are too large; else the request is refused.</summary>
    public bool MayTruncate => Json.OptionalText("truncation") == "auto";

    /// <summary>Checks all of a body but its input.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static ResponsesRequest Read(JsonElement json)
    {
        var background = json.Flag("background");
        var store = json.Optional("store") is null || json.Flag("store");
        if (background && !store)
            throw RequestException.Invalid("'background' needs 'store': what is not kept cannot be read later.", "store", "invalid_value");

        if (json.Optional("prompt") is not null)
            throw RequestException.Invalid("'prompt' is not supported, because no prompts are kept here. Send its text as 'instructions' or 'input'.", "prompt", "unsupported_field");

        if (json.OptionalText("truncation") is not (null or "auto" or "disabled"))
            throw JsonFields.Wrong("truncation", "'auto' or 'disabled'");

        var previous = json.OptionalText("previous_response_id");
        var conversation = ReadConversation(json.Optional("conversation"));
        if (previous is not null && conversation is not null)
        {
            throw RequestException.Invalid(
                "'previous_response_id' and 'conversation' exclude each other: send one of them.", "previous_response_id", "mutually_exclusive_parameters");
        }

        return new(json.OptionalText("model"), json.Flag("stream"), background, store, previous, conversation, json);
    }

    /// <summary>The input in the form that agents get.</summary>
    /// <exception cref="RequestException">400: it is malformed, or has a field that is not supported.</exception>
    public TaskInput ToInput() => ToInput(Json.Optional("input"));

    /// <summary>The input in the form that agents get, with items in the place of references to them.</summary>
    /// <param name="items">The field <c>input</c> with the items.</param>
    /// <exception cref="RequestException">400: it is malformed, or has a field that is not supported.</exception>
    public TaskInput ToInput(JsonElement? items)
    {
        var options = new OptionsBuilder();
        options.Add(Json, ResponsesFields.Body, new ResponsesOptions(options, Json).Translate);
        var ownOptions = options.Untranslated.Count;
        var messages = new ResponsesInput(options).Read(items);
        if (Conversation is not null && options.Untranslated.Count > ownOptions)
            throw Unkept(options.Untranslated[ownOptions]);

        return new(ConversationJson.Write(messages), options.ToJson());
    }

    /// <summary>The task that the request starts.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="input">The input, with the messages of the whole conversation.</param>
    /// <param name="earlierMessages">How many of the messages are not of this request.</param>
    public TaskRequestDraft ToDraft(string agent, TaskInput input, int earlierMessages) => new(agent, input)
    {
        InputName = "input",
        SessionId = Conversation,
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        Protocol = ResponsesEcho.Of(this, earlierMessages),
        IsRead = Stream || !Background,
        Ephemeral = !Store,
    };

    /// <summary>The error for an item, or a field of one, that a conversation cannot keep.</summary>
    internal static RequestException Unkept(string field) =>
        RequestException.Invalid($"'{field}' is not supported in a conversation.", field, "unsupported_field");

    private static string? ReadConversation(JsonElement? conversation) => conversation switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } given => given.RequiredText("id", "conversation"),
        { ValueKind: JsonValueKind.String } id => JsonFields.Text(id, "conversation"),
        _ => throw JsonFields.Wrong("conversation", "the id of a conversation, or an object with it"),
    };
}
