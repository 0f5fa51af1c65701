using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>A checked <c>POST /api/chat</c>. Fields it does not know are kept as options for the agent.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Agent">The agent's name, or <see langword="null"/>.</param>
/// <param name="IsRegeneration">Whether the request wants another answer to the last message.</param>
/// <param name="Json">The body.</param>
/// <param name="Messages">The messages as agents get them.</param>
public sealed record AiSdkRequest(string ChatId, string? Agent, bool IsRegeneration, JsonElement Json, ReadOnlyMemory<byte> Messages)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static AiSdkRequest Read(JsonElement json)
    {
        var id = json.OptionalText("id");
        return string.IsNullOrEmpty(id)
            ? throw RequestException.Invalid("'id' is required: the chat.", "id", "missing_field")
            : new(id, json.OptionalText("agent"), json.OptionalText("trigger") == "regenerate-message", json, AiSdkMessages.Convert(json.Optional("messages")));
    }

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent) => new(agent, new(Messages, Json.Without("messages")))
    {
        SessionId = ChatId,
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        IsRead = true,
        DoubleText = DoubleText.Interrupt,

        // The same last message again is a client that reconnects; a regeneration is another run.
        Fingerprint = IsRegeneration ? default : AiSdkMessages.Fingerprint(Json.GetProperty("messages")),
    };
}
