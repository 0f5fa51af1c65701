using System.Text;
using System.Text.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>A checked request for a run.</summary>
internal sealed record AgUiRequest(string ThreadId, string RunId, string? Agent, JsonElement Json, ReadOnlyMemory<byte> Messages)
{
    /// <exception cref="RequestException">400, naming the field at fault.</exception>
    public static AgUiRequest Read(JsonElement json) => new(
        Required(json, "threadId"), Required(json, "runId"), json.OptionalObject("forwardedProps")?.OptionalText("agent"), json, MessageList.Convert(json.Optional("messages"), Write));

    public TaskInput Input => new(Messages, Json.Without("messages"));

    public TaskRequestDraft ToDraft(string agent) => new(agent)
    {
        SessionId = ThreadId,
        Protocol = AgUiRun.ToProtocol(ThreadId, RunId),
        IsRead = true,
        ProtocolKey = AgUiRun.Key(ThreadId, RunId),
        Fingerprint = Encoding.UTF8.GetBytes(RunId),
    };

    private static string Required(JsonElement json, string name) => json.OptionalText(name) is { Length: > 0 } text
        ? text
        : throw RequestException.Invalid($"'{name}' is required.", name, "missing_field");

    /// <summary>Writes a message as agents are given it: tool calls under their other names; roles that only front ends have are left out.</summary>
    private static void Write(Utf8JsonWriter json, JsonElement message, string name)
    {
        if (message.OptionalText("role") is "activity" or "reasoning")
            return;

        json.WriteStartObject();
        foreach (var property in message.EnumerateObject())
        {
            json.WritePropertyName(property.Name switch { "toolCalls" => "tool_calls", "toolCallId" => "tool_call_id", _ => property.Name });
            json.WriteRawValue(property.Value.Raw().Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
