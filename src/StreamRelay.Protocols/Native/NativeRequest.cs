using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.Native;

/// <summary>A checked <c>POST /v1/tasks</c>.</summary>
/// <param name="Agent">The agent's name, or <see langword="null"/>.</param>
/// <param name="Input">A text, or a list of messages.</param>
/// <param name="SessionId">The conversation, or <see langword="null"/>.</param>
/// <param name="OperationId">The external operation that the task waits for, or <see langword="null"/>.</param>
/// <param name="ToolCallId">The tool call that the task answers, or <see langword="null"/>.</param>
/// <param name="Metadata">The client's metadata, or <see langword="null"/>.</param>
public sealed record NativeRequest(string? Agent, JsonElement Input, string? SessionId, string? OperationId, string? ToolCallId, JsonElement? Metadata)
{
    /// <summary>Checks a body.</summary>
    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static NativeRequest Read(JsonElement json)
    {
        UnknownFields.Refuse(json, "agent", "input", "session_id", "operation_id", "tool_call_id", "metadata");
        var request = new NativeRequest(
            json.OptionalText("agent"), CheckInput(json.Optional("input")), json.OptionalText("session_id"),
            json.OptionalText("operation_id"), json.OptionalText("tool_call_id"), json.OptionalObject("metadata"));
        if (request.OperationId is null || request is { SessionId: not null, ToolCallId: not null })
            return request;

        var missing = request.SessionId is null ? "session_id" : "tool_call_id";
        throw RequestException.Invalid($"'{missing}' is required for a task that waits for an operation.", missing, "missing_field");
    }

    /// <summary>The task that the request starts.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="input">The input of the agent: <see cref="Input"/>, or the whole conversation that it continues.</param>
    public TaskRequestDraft ToDraft(string agent, ReadOnlyMemory<byte> input) => new(agent, new(input))
    {
        InputName = "input",
        SessionId = SessionId,
        OperationId = OperationId,
        ToolCallId = ToolCallId,
        Metadata = Metadata?.Raw() ?? default,
    };

    private static JsonElement CheckInput(JsonElement? input) =>
        input is { ValueKind: JsonValueKind.String } text ? text : MessageList.Check(input, "input");
}
