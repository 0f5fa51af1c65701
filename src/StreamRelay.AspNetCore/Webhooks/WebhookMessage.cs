using StreamRelay.AspNetCore.Endpoints.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The body of a webhook.</summary>
/// <param name="Id">The value of the header <c>webhook-id</c>.</param>
/// <param name="Type"><c>task.completed</c>, <c>task.failed</c> or <c>task.stopped</c>.</param>
/// <param name="Timestamp">When the task ended (RFC 3339, UTC, with milliseconds).</param>
/// <param name="Data">The task, as it was at its end.</param>
internal sealed record WebhookMessage(string Id, string Type, string Timestamp, TaskView Data)
{
    public static WebhookMessage Of(string id, TaskView task) => new(id, $"task.{task.Status}", task.EndedAt!, task);
}
