using System.Text;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>A checked request for a run.</summary>
/// <param name="ThreadId">The conversation.</param>
/// <param name="RunId">The run; the same one again is the same task.</param>
/// <param name="Agent">The agent that the body names, or <see langword="null"/>.</param>
/// <param name="Json">The body.</param>
/// <param name="Input">The input in the form that agents get.</param>
public sealed record AgUiRequest(string ThreadId, string RunId, string? Agent, JsonElement Json, TaskInput Input)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static AgUiRequest Read(JsonElement json) => new(
        Required(json, "threadId"), Required(json, "runId"), json.OptionalObject("forwardedProps")?.OptionalText("agent"), json, ReadInput(json));

    /// <summary>The task that the request starts.</summary>
    public TaskRequestDraft ToDraft(string agent)
    {
        var run = new AgUiRun(ThreadId, RunId);
        return new(agent, Input)
        {
            SessionId = ThreadId,
            Metadata = Json.OptionalObject("forwardedProps") is { } properties && properties.EnumerateObject().Any(static property => property.Name != "agent") ? properties.Without("agent") : default,
            MetadataName = "forwardedProps",
            IsMetadataForOptions = true,
            Protocol = run.ToProtocol(),
            IsRead = true,
            ProtocolKey = run.Key,
            Fingerprint = Encoding.UTF8.GetBytes(RunId),
        };
    }

    private static string Required(JsonElement json, string name) => json.OptionalText(name) is { Length: > 0 } text
        ? text
        : throw RequestException.Invalid($"'{name}' is required.", name, "missing_field");

    private static TaskInput ReadInput(JsonElement json)
    {
        var options = new OptionsBuilder();
        options.Add(json, AgUiFields.Body, new AgUiOptions(options).Translate);
        var messages = new AgUiMessages(options).Read(json.Optional("messages"));
        options.Set(AgUiReplay.Messages, json.GetProperty("messages"));
        return new(ConversationJson.Write(messages), options.ToJson());
    }
}
