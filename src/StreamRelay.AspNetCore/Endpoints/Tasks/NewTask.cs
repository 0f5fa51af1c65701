using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>The body of <c>POST /v1/tasks</c>.</summary>
/// <param name="Agent">The agent's name; absent: the default agent.</param>
/// <param name="Input">A text, or a list of messages.</param>
/// <param name="SessionId">The conversation it belongs to.</param>
/// <param name="OperationId">The outside operation it waits for.</param>
/// <param name="ToolCallId">The tool call it answers.</param>
/// <param name="Metadata">Anything; agents may read it (<c>language</c>).</param>
public sealed record NewTask(string? Agent, JsonElement Input, string? SessionId, string? OperationId, string? ToolCallId, JsonElement? Metadata)
{
    internal static NewTask Read(JsonElement json)
    {
        var task = new NewTask(
            json.OptionalText("agent"), CheckInput(json.Optional("input")), json.OptionalText("session_id"),
            json.OptionalText("operation_id"), json.OptionalText("tool_call_id"), json.OptionalObject("metadata"));
        if (task.OperationId is null || task is { SessionId: not null, ToolCallId: not null })
            return task;

        var missing = task.SessionId is null ? "session_id" : "tool_call_id";
        throw RequestException.Invalid($"'{missing}' is required for a task that waits for an operation.", missing, "missing_field");
    }

    internal TaskRequestDraft ToDraft(string agent) => new(agent)
    {
        SessionId = SessionId,
        OperationId = OperationId,
        ToolCallId = ToolCallId,
        Metadata = Metadata?.Raw() ?? default,
    };

    private static JsonElement CheckInput(JsonElement? input)
    {
        if (input is not { ValueKind: JsonValueKind.String } text)
            return MessageList.Check(input, "input");

        return string.IsNullOrWhiteSpace(JsonFields.Text(text, "input"))
            ? throw RequestException.Invalid("'input' is empty.", "input", "missing_field")
            : text;
    }
}
