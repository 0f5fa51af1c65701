using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>One event of a push, as the API document describes it. It also has the fields of its kind, such as <c>tool_call_id</c>.</summary>
/// <param name="EventType"><c>output</c>, <c>thought</c>, <c>step_start</c>, <c>step_end</c>, <c>action_start</c>, <c>action_delta</c>, <c>action</c>,
/// <c>observation</c>, <c>file</c>, <c>usage</c>, <c>data</c>, <c>log</c>, or <c>end</c> and <c>error</c>, which end the task.</param>
/// <param name="Content">Its text.</param>
/// <param name="AgentName">The speaker, where it is not the agent of the task.</param>
/// <param name="Data">Of <c>data</c>: any JSON.</param>
public sealed record PushEvent(string EventType, string? Content, string? AgentName, JsonElement? Data);
