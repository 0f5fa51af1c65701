using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>A checked <c>POST /api/chat</c>.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Agent">The agent's name, or <see langword="null"/>.</param>
/// <param name="IsRegeneration">Whether the request wants another answer to the last message.</param>
/// <param name="Json">The body.</param>
/// <param name="Input">The input in the form that agents get.</param>
public sealed record AiSdkRequest(string ChatId, string? Agent, bool IsRegeneration, JsonElement Json, TaskInput Input)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static AiSdkRequest Read(JsonElement json)
    {
        var id = json.OptionalText("id");
        return string.IsNullOrEmpty(id)
            ? throw RequestException.Invalid("'id' is required: the chat.", "id", "missing_field")
            : new(id, json.OptionalText("agent"), json.OptionalText("trigger") == "regenerate-message", json, ReadInput(json));
    }

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent) => new(agent, Input)
    {
        SessionId = ChatId,
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        IsRead = true,
        DoubleText = DoubleText.Interrupt,
        Protocol = AiSdkStart.ContinuedMessage(Json.GetProperty("messages")) is { } message ? AiSdkStart.ToProtocol(message) : default,

        // The same last message again is a client that reconnects; a regeneration is another run.
        Fingerprint = IsRegeneration ? default : AiSdkMessages.Fingerprint(Json.GetProperty("messages")),
    };

    private static TaskInput ReadInput(JsonElement json)
    {
        var options = new OptionsBuilder();
        options.Add(json, AiSdkFields.Body, new AiSdkOptions(options).Translate);
        var messages = new AiSdkMessages(options).Read(json.Optional("messages"));
        return new(ConversationJson.Write(messages), options.ToJson());
    }
}
