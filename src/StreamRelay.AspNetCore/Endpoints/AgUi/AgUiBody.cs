using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.AgUi;

/// <summary>The body of a run, as AG-UI clients send it; other fields are kept as options for the agent.</summary>
/// <param name="ThreadId">The conversation.</param>
/// <param name="RunId">The run; the same one again is the same task, read from its beginning.</param>
/// <param name="Messages">All messages of the thread; the last user message is the input.</param>
/// <param name="ForwardedProps">With <c>agent</c>, the agent's name where the path has none.</param>
public sealed record AgUiBody(
    [property: JsonPropertyName("threadId")] string ThreadId, [property: JsonPropertyName("runId")] string RunId, IReadOnlyList<JsonElement> Messages,
    [property: JsonPropertyName("forwardedProps")] JsonElement? ForwardedProps);
