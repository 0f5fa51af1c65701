using System.Text.Json;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Writes the bodies of webhooks about the end of a task.</summary>
/// <param name="readers">Counts the readers of the task.</param>
/// <param name="log">Has the terminal event of the task.</param>
internal sealed class WebhookMessages(StreamReaders readers, IEventLog log)
{
    /// <summary>The body for an endpoint.</summary>
    /// <exception cref="IOException">The log could not be read.</exception>
    public async ValueTask<byte[]> CreateAsync(WebhookEndpoint endpoint, TaskRecord ended, CancellationToken cancellationToken)
    {
        if (endpoint.Format == WebhookFormat.Tasks)
        {
            var view = TaskViews.View(ended, ended.LastOffset, readers.Count(ended.Id), ended.Request.BasePath);
            return JsonSerializer.SerializeToUtf8Bytes(WebhookMessage.Of(endpoint.MessageId(ended.Id), view), WebhookJson.Readable.WebhookMessage);
        }

        var type = await ReadTypeAsync(ended, cancellationToken);
        var message = new ResponseMessage($"evt_{ended.Id}", type, ended.EndedAt!.Value.ToUnixTimeSeconds(), new(ResponsesId.Of(ended.Id)));
        return JsonSerializer.SerializeToUtf8Bytes(message, WebhookJson.Readable.ResponseMessage);
    }

    /// <summary>The record does not say whether the answer of a completed task was cut; its terminal event does.</summary>
    private async ValueTask<string> ReadTypeAsync(TaskRecord ended, CancellationToken cancellationToken)
    {
        if (ended.State != TaskState.Completed)
            return ended.State == TaskState.Stopped ? "response.cancelled" : "response.failed";

        var last = await log.ReadAsync(ended.Id, ended.LastOffset - 1, 1, cancellationToken);
        return !last.IsEmpty && ResponsesTask.IsCut(EndMetadata.Read(last.Span[0].Event)) ? "response.incomplete" : "response.completed";
    }
}
