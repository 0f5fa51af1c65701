using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Creates a message about the end of a task for each endpoint that subscribes to it.</summary>
/// <remarks>A message contains the task as it was at its end, and is sent even when the task has been deleted since.</remarks>
internal sealed partial class WebhookQueues : IOutboxSource
{
    /// <summary>How long messages wait in shared stores for an endpoint that this node does not know: other nodes may have newer settings.</summary>
    private static readonly TimeSpan RemovalDelay = TimeSpan.FromDays(1);

    private readonly IOutbox _outbox;
    private readonly WebhookMessages _messages;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookQueues> _logger;

    public WebhookQueues(IOptions<WebhookOptions> options, IOutbox outbox, WebhookMessages messages, TimeProvider time, ILogger<WebhookQueues> logger)
    {
        _outbox = outbox;
        _messages = messages;
        _time = time;
        _logger = logger;
        All = [.. options.Value.Endpoints.Select(endpoint => new WebhookQueue(new(endpoint), outbox, time))];
    }

    /// <summary>A queue for each endpoint.</summary>
    public IReadOnlyList<WebhookQueue> All { get; }

    public async ValueTask<IReadOnlyList<OutboxMessage>> CreateMessagesAsync(TaskRecord ended, CancellationToken cancellationToken)
    {
        List<OutboxMessage> messages = [];
        foreach (var queue in All.Where(queue => queue.Endpoint.SubscribesTo(ended.Request)))
        {
            if (await CreateMessageAsync(queue.Endpoint, ended, cancellationToken) is { } message)
                messages.Add(message);
        }

        return messages;
    }

    public void OnStored(IReadOnlyList<OutboxMessage> messages)
    {
        foreach (var queue in All.Where(queue => messages.Any(message => message.Queue == queue.Endpoint.Id)))
            queue.Signal();
    }

    /// <summary>Removes the messages for endpoints that are no longer configured; where the store is unavailable, the next start does so.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var before = _outbox.IsShared ? _time.GetUtcNow() - RemovalDelay : DateTimeOffset.MaxValue;
        try
        {
            if (await _outbox.RemoveOthersAsync([.. All.Select(queue => queue.Endpoint.Id)], before, cancellationToken) is > 0 and var removed)
                EndpointRemoved(removed);
        }
        catch (IOException exception)
        {
            NotRemoved(exception);
        }
    }

    private async ValueTask<OutboxMessage?> CreateMessageAsync(WebhookEndpoint endpoint, TaskRecord ended, CancellationToken cancellationToken)
    {
        try
        {
            return new(endpoint.Id, ended.Id, ended.EndedAt!.Value, 0, await _messages.CreateAsync(endpoint, ended, cancellationToken));
        }
        catch (Exception exception) when (exception is not IOException or LogNotFoundException or LogDamagedException)
        {
            // Without the message the task still ends; a failure here would prevent that.
            MessageNotCreated(endpoint.MessageId(ended.Id), endpoint.Name, exception);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Webhook {MessageId} for {Endpoint} could not be created and is not sent")]
    private partial void MessageNotCreated(string messageId, string endpoint, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Removed {Count} webhooks for an endpoint that is no longer configured")]
    private partial void EndpointRemoved(int count);

    [LoggerMessage(3, LogLevel.Warning, "The webhooks for endpoints that are no longer configured could not be removed; the next start removes them")]
    private partial void NotRemoved(Exception exception);
}
