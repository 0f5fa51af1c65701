using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.Runs;
using StreamRelay.Storage;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Writes a message about the end of a task for each endpoint that subscribes to it, into the folder <c>webhooks</c> of the data folder.</summary>
/// <remarks>A message is written before the task's record is updated. After a crash in between, the next start ends the task and writes the same
/// message again, so no end is lost. The message contains the task as it was at its end, and is sent even when the task has been deleted since.</remarks>
internal sealed partial class WebhookOutbox : ITaskObserver
{
    private readonly StreamReaders _readers;
    private readonly ILogger<WebhookOutbox> _logger;
    private readonly string _folder;

    public WebhookOutbox(IOptions<WebhookOptions> options, IOptions<StorageOptions> storage, StreamReaders readers, ILogger<WebhookOutbox> logger)
    {
        _readers = readers;
        _logger = logger;
        _folder = Path.Combine(Path.GetFullPath(storage.Value.DataPath), "webhooks");
        var sync = storage.Value.Durability == Durability.Disk;
        Queues = [.. options.Value.Endpoints.Select(endpoint => new WebhookEndpoint(endpoint)).Select(endpoint => new WebhookQueue(endpoint, Path.Combine(_folder, endpoint.Id), sync))];
    }

    /// <summary>A queue for each endpoint.</summary>
    public IReadOnlyList<WebhookQueue> Queues { get; }

    public ValueTask EndingAsync(TaskRecord ended)
    {
        foreach (var queue in Queues.Where(queue => queue.Endpoint.SubscribesTo(ended.Request)))
            Add(queue, ended);

        return ValueTask.CompletedTask;
    }

    /// <summary>Removes incomplete messages, and the messages for endpoints that are no longer configured.</summary>
    public void CleanUp()
    {
        foreach (var queue in Queues)
            queue.CleanUp();

        foreach (var folder in Directory.Exists(_folder) ? Directory.GetDirectories(_folder) : [])
        {
            if (Queues.Any(queue => queue.Endpoint.Id == Path.GetFileName(folder)))
                continue;

            EndpointRemoved(Directory.GetFiles(folder, "*" + PendingWebhook.Suffix).Length);
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Add(WebhookQueue queue, TaskRecord ended)
    {
        var id = queue.Endpoint.MessageId(ended.Id);
        try
        {
            var message = WebhookMessage.Of(id, TaskViews.View(ended, ended.LastOffset, _readers.Count(ended.Id)));

            // The message is due at the end of the task, so that a message that is written twice has the same name both times.
            queue.Add(new(ended.EndedAt!.Value, 0, ended.Id), JsonSerializer.SerializeToUtf8Bytes(message, WebhookJson.Readable.WebhookMessage));
        }
        catch (Exception exception)
        {
            // Without the message the task still ends and the server still starts; a failure here would prevent both.
            MessageNotWritten(id, queue.Endpoint.Name, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Webhook {MessageId} for {Endpoint} could not be written and is not sent")]
    private partial void MessageNotWritten(string messageId, string endpoint, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Removed {Count} webhooks for an endpoint that is no longer configured")]
    private partial void EndpointRemoved(int count);
}
