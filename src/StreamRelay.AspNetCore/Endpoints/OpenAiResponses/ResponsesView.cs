using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>A response, as the API document describes it.</summary>
/// <param name="Id"><c>resp_</c> and the task's id.</param>
/// <param name="Kind">Always <c>response</c>.</param>
/// <param name="CreatedAt">Unix time in seconds.</param>
/// <param name="Status"><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Model">The agent's name.</param>
/// <param name="Output">Messages, reasoning and function calls.</param>
/// <param name="Usage">Tokens, once it has ended.</param>
public sealed record ResponsesView(
    string Id, [property: JsonPropertyName("object")] string Kind, long CreatedAt, string Status, JsonElement? Error, string Model, IReadOnlyList<JsonElement> Output, JsonElement? Usage);
