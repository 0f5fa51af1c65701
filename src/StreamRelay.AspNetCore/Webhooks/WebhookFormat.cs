namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>What is reported to an endpoint.</summary>
public enum WebhookFormat
{
    /// <summary>The end of every task, with the task: <c>task.completed</c>, <c>task.failed</c> and <c>task.stopped</c>.</summary>
    Tasks,

    /// <summary>The end of each response that was started through the Responses API, as OpenAI reports it: <c>response.completed</c>, <c>response.failed</c>,
    /// <c>response.cancelled</c> and <c>response.incomplete</c>.</summary>
    Responses,
}
