using System.Text;
using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AgUi;

/// <summary>A checked request for a run. Fields it does not know are kept as options for the agent.</summary>
/// <param name="ThreadId">The conversation.</param>
/// <param name="RunId">The run; the same one again is the same task.</param>
/// <param name="Agent">The agent that the body names, or <see langword="null"/>.</param>
/// <param name="Json">The body.</param>
/// <param name="Messages">The messages as agents get them.</param>
public sealed record AgUiRequest(string ThreadId, string RunId, string? Agent, JsonElement Json, ReadOnlyMemory<byte> Messages)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static AgUiRequest Read(JsonElement json) => new(
        Required(json, "threadId"), Required(json, "runId"), json.OptionalObject("forwardedProps")?.OptionalText("agent"), json,
        MessageList.Convert(json.Optional("messages"), WriteMessage));

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent)
    {
        var run = new AgUiRun(ThreadId, RunId);
        return new(agent, new(Messages, Json.Without("messages")))
        {
            SessionId = ThreadId,
            Protocol = run.ToProtocol(),
            IsRead = true,
            ProtocolKey = run.Key,
            Fingerprint = Encoding.UTF8.GetBytes(RunId),
        };
    }

    private static string Required(JsonElement json, string name) => json.OptionalText(name) is { Length: > 0 } text
        ? text
        : throw RequestException.Invalid($"'{name}' is required.", name, "missing_field");

    /// <summary>Writes a message as agents get it: tool calls under their other names, without the roles that only front ends have.</summary>
    private static void WriteMessage(Utf8JsonWriter json, JsonElement message, string name)
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
