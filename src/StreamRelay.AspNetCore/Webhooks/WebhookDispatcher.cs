using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Sends the messages of one endpoint, those that are due first, and a few at a time. Each endpoint has a dispatcher of its own, so that a slow endpoint delays no other.</summary>
internal sealed partial class WebhookDispatcher(
    WebhookQueue queue, WebhookClient client, WebhookOptions options, AgentHost host, ITaskStore tasks, TimeProvider time, ILogger<WebhookDispatcher> logger)
{
    private const int MaxInFlight = 8;

    private readonly Dictionary<PendingWebhook, Task> _sending = [];
    private bool _failing;

    /// <summary>Runs until it is cancelled. A message that is being sent at that moment is sent again after the next start.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                await SendAndWaitAsync(cancellationToken);
        }
        finally
        {
            await Task.WhenAll(_sending.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAndWaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            queue.ResetSignal();
            await RemoveFinishedAsync();
            var untilDue = SendDue(cancellationToken);
            await WaitAsync(untilDue, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            QueueFailed(queue.Endpoint.Name, exception);
            await Task.Delay(options.RetryDelay, time, cancellationToken);
        }
    }

    // This precedes the reading of the queue, so that a message that was finished in between is not sent again.
    private async Task RemoveFinishedAsync()
    {
        foreach (var (message, delivery) in _sending.Where(sending => sending.Value.IsCompleted).ToArray())
        {
            _sending.Remove(message);
            await delivery;
        }
    }

    private TimeSpan SendDue(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var message in queue.First(2 * MaxInFlight).Where(message => !_sending.ContainsKey(message)))
        {
            if (_sending.Count == MaxInFlight)
                break;
            if (message.Due > now)
                return Bounded(message.Due - now);

            _sending[message] = DeliverAsync(message, cancellationToken);
        }

        return Timeout.InfiniteTimeSpan;
    }

    private async Task WaitAsync(TimeSpan untilDue, CancellationToken cancellationToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var added = queue.WhenAddedAsync(untilDue, time, awake.Token);
        await Task.WhenAny([added, .. _sending.Values]);
        await awake.CancelAsync();
        await added.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // Timers count whole milliseconds, so without one more the wait would end just before the message is due. The bound keeps the wait
    // short after the clock was set back.
    private static TimeSpan Bounded(TimeSpan left) =>
        (left < RetrySchedule.LongestDelay ? left : RetrySchedule.LongestDelay) + TimeSpan.FromMilliseconds(1);

    private async Task DeliverAsync(PendingWebhook message, CancellationToken cancellationToken)
    {
        // A receiver that requests the task when it gets the message must see it ended.
        await host.WaitAsync(message.Task, cancellationToken);
        if (await tasks.FindAsync(message.Task, cancellationToken) is { IsEnded: false })
        {
            queue.Replace(message, message with { Due = time.GetUtcNow() + options.RetryDelay });
            return;
        }

        var id = queue.Endpoint.MessageId(message.Task);
        var reply = await client.PostAsync(queue.Endpoint, id, queue.Read(message), cancellationToken);
        if (reply.IsAccepted)
            Accepted(message, id);
        else if (reply.IsGone)
            Refused(message, id);
        else
            Failed(message with { Attempts = message.Attempts + 1 }, message, id, reply.Text);
    }

    private void Accepted(PendingWebhook message, string id)
    {
        Volatile.Write(ref _failing, false);
        queue.Remove(message);
        Delivered(id, queue.Endpoint.Name);
    }

    private void Refused(PendingWebhook message, string id)
    {
        queue.Remove(message);
        EndpointRefused(id, queue.Endpoint.Name);
    }

    private void Failed(PendingWebhook next, PendingWebhook message, string id, string reason)
    {
        if (!Interlocked.Exchange(ref _failing, true))
            EndpointFails(queue.Endpoint.Name, reason);

        if (next.Attempts >= options.MaxAttempts)
        {
            queue.Remove(message);
            GivenUp(id, queue.Endpoint.Name, next.Attempts, reason);
            return;
        }

        var delay = RetrySchedule.Delay(options.RetryDelay, next.Attempts, RandomNumberGenerator.GetInt32(1000) / 1000d);
        queue.Replace(message, next with { Due = time.GetUtcNow() + delay });
        AttemptFailed(id, queue.Endpoint.Name, next.Attempts, reason, delay);
    }

    [LoggerMessage(1, LogLevel.Debug, "Webhook {MessageId} was delivered to {Endpoint}")]
    private partial void Delivered(string messageId, string endpoint);

    [LoggerMessage(2, LogLevel.Debug, "Webhook {MessageId} to {Endpoint} failed in attempt {Attempt}: {Reason}; the next is in {Delay}")]
    private partial void AttemptFailed(string messageId, string endpoint, int attempt, string reason, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Warning, "Webhook {MessageId} to {Endpoint} was given up after {Attempts} attempts: {Reason}")]
    private partial void GivenUp(string messageId, string endpoint, int attempts, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Webhook {MessageId} was refused by {Endpoint} with status 410 and is not sent again")]
    private partial void EndpointRefused(string messageId, string endpoint);

    [LoggerMessage(5, LogLevel.Warning, "Webhooks to {Endpoint} fail: {Reason}; they are kept and sent again")]
    private partial void EndpointFails(string endpoint, string reason);

    [LoggerMessage(6, LogLevel.Error, "The files of the webhooks for {Endpoint} cannot be read or written; the next attempt follows")]
    private partial void QueueFailed(string endpoint, Exception exception);
}
