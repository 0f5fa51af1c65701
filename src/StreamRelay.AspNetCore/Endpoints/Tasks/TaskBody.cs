using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>The body of <c>POST /v1/tasks</c>.</summary>
/// <param name="Agent">The agent's name; absent: the default agent.</param>
/// <param name="Input">A text, or a list of messages.</param>
/// <param name="SessionId">The conversation it belongs to.</param>
/// <param name="OperationId">The external operation that it waits for.</param>
/// <param name="ToolCallId">The tool call that it answers.</param>
/// <param name="Metadata">Anything; agents may read it (<c>language</c>).</param>
public sealed record TaskBody(string? Agent, JsonElement Input, string? SessionId, string? OperationId, string? ToolCallId, JsonElement? Metadata);
