using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The body of a webhook about a response: an event as OpenAI sends it (https://platform.openai.com/docs/api-reference/webhook-events).</summary>
/// <param name="Id">The id of the event: that of the task, with a prefix.</param>
/// <param name="Type"><c>response.completed</c>, <c>response.failed</c>, <c>response.cancelled</c> or <c>response.incomplete</c>.</param>
/// <param name="CreatedAt">When the response ended: Unix time in seconds.</param>
/// <param name="Data">The response.</param>
internal sealed record ResponseMessage(string Id, string Type, long CreatedAt, ResponseMessageData Data)
{
    [JsonPropertyName("object")]
    public string Kind { get; } = "event";
}
