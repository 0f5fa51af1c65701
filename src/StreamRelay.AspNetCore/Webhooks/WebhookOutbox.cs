using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.Runs;
using StreamRelay.Storage;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Writes a message for each endpoint that wants to know of a task's end, into the folder <c>webhooks</c> of the data folder.</summary>
/// <remarks>A message is kept before the task's record says that it has ended. A crash in between leaves a task that has not ended: the next
/// start ends it and writes the same message again. So no end is passed over. What becomes of the task afterwards does not matter: the message
/// of one that was deleted is sent with what was known at its end.</remarks>
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
        Mailboxes = [.. options.Value.Endpoints.Select(endpoint => new WebhookEndpoint(endpoint)).Select(endpoint => new WebhookQueue(endpoint, Path.Combine(_folder, endpoint.Id), sync))];
    }

    /// <summary>One for each endpoint.</summary>
    public IReadOnlyList<WebhookQueue> Mailboxes { get; }

    public ValueTask EndingAsync(TaskRecord ended)
    {
        foreach (var mailbox in Mailboxes.Where(mailbox => mailbox.Endpoint.Wants(ended.Request)))
            Add(mailbox, ended);

        return ValueTask.CompletedTask;
    }

    /// <summary>Removes what is of no use any more: half-written messages, and those for endpoints that are not configured now.</summary>
    public void CleanUp()
    {
        foreach (var mailbox in Mailboxes)
            mailbox.CleanUp();

        foreach (var folder in Directory.Exists(_folder) ? Directory.GetDirectories(_folder) : [])
        {
            if (Mailboxes.Any(mailbox => mailbox.Endpoint.Id == Path.GetFileName(folder)))
                continue;

            EndpointGone(Directory.GetFiles(folder, "*" + PendingWebhook.Suffix).Length);
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Add(WebhookQueue mailbox, TaskRecord ended)
    {
        var id = mailbox.Endpoint.MessageId(ended.Id);
        try
        {
            var message = WebhookMessage.Of(id, TaskViews.View(ended, ended.LastOffset, _readers.Count(ended.Id)));

            // Due at its end: the message of an end that is written twice has the same name both times.
            mailbox.Add(new(ended.EndedAt!.Value, 0, ended.Id), JsonSerializer.SerializeToUtf8Bytes(message, WebhookJson.Readable.WebhookMessage));
        }
        catch (Exception exception)
        {
            // A task that did not end for want of a message, or a server that did not start for that, would be the greater harm.
            NotKept(id, mailbox.Endpoint.Name, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Webhook {MessageId} for {Endpoint} could not be kept, and is not sent")]
    private partial void NotKept(string messageId, string endpoint, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Dropped {Count} webhooks for an endpoint that is not configured any more")]
    private partial void EndpointGone(int count);
}
