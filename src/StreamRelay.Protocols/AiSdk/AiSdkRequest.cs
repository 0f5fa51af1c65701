using System.Text.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>A checked <c>POST /api/chat</c>.</summary>
internal sealed record AiSdkRequest(string ChatId, string? Agent, bool IsRegeneration, JsonElement Json, ReadOnlyMemory<byte> Messages)
{
    /// <exception cref="RequestException">400, naming the field at fault.</exception>
    public static AiSdkRequest Read(JsonElement json)
    {
        var id = json.OptionalText("id");
        return string.IsNullOrEmpty(id)
            ? throw RequestException.Invalid("'id' is required: the chat.", "id", "missing_field")
            : new(id, json.OptionalText("agent"), json.OptionalText("trigger") == "regenerate-message", json, UiMessages.ToMessages(json.Optional("messages")));
    }

    public TaskInput Input => new(Messages, Json.Without("messages"));

    public TaskRequestDraft ToDraft(string agent) => new(agent)
    {
        SessionId = ChatId,
        Metadata = Json.OptionalObject("metadata")?.Raw() ?? default,
        IsRead = true,
        DoubleText = Agents.DoubleText.Interrupt,

        // The same last message again is a client that comes back; asked for once more on purpose it is another run.
        Fingerprint = IsRegeneration ? default : UiMessages.Last(Json.GetProperty("messages")),
    };
}
