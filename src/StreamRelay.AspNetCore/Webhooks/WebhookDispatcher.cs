using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StreamRelay.Outbox;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Sends the messages of one endpoint, those that are due first, and a few at a time. Each endpoint has a dispatcher of its own, so that a slow endpoint delays no other.</summary>
internal sealed partial class WebhookDispatcher(WebhookQueue queue, WebhookClient client, WebhookOptions options, TimeProvider time, ILogger<WebhookDispatcher> logger)
{
    private const int MaxInFlight = 8;

    /// <summary>How much longer a message is claimed than an attempt may take.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(30);

    private readonly Dictionary<OutboxMessage, Task> _sending = [];
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
            var untilDue = await SendDueAsync(cancellationToken);
            await WaitAsync(untilDue, cancellationToken);
        }
        catch (IOException exception)
        {
            QueueFailed(queue.Endpoint.Name, exception);
            await Task.Delay(options.RetryDelay, time, cancellationToken);
        }
    }

    // Deliveries whose claim has ended are awaited, because their messages could be claimed and sent again; their attempts have timed out.
    private async Task RemoveFinishedAsync()
    {
        foreach (var (message, delivery) in _sending.Where(sending => sending.Value.IsCompleted || sending.Key.DueAt <= time.GetUtcNow()).ToArray())
        {
            _sending.Remove(message);
            await delivery;
        }
    }

    /// <returns>The time until the next message may be due.</returns>
    private async Task<TimeSpan> SendDueAsync(CancellationToken cancellationToken)
    {
        if (_sending.Count < MaxInFlight)
        {
            foreach (var message in await queue.ClaimAsync(MaxInFlight - _sending.Count, options.Timeout + LeaseMargin, cancellationToken))
                _sending[message] = DeliverAsync(message, cancellationToken);
        }

        return _sending.Count < MaxInFlight ? await queue.FindDelayAsync(cancellationToken) : Timeout.InfiniteTimeSpan;
    }

    private async Task WaitAsync(TimeSpan untilDue, CancellationToken cancellationToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var added = queue.WhenAddedAsync(untilDue, awake.Token);
        await Task.WhenAny([added, .. _sending.Values]);
        await awake.CancelAsync();
        await added.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task DeliverAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var id = queue.Endpoint.MessageId(message.Task);
        try
        {
            var reply = await client.PostAsync(queue.Endpoint, id, message.Body, cancellationToken);
            if (reply.IsAccepted)
                await AcceptedAsync(message, id);
            else if (reply.IsGone)
                await RefusedAsync(message, id);
            else
                await FailedAsync(message, id, reply.Text);
        }
        catch (OperationCanceledException)
        {
            // The server stops: the next one sends the message again at once.
            await queue.PostponeAsync(message, TimeSpan.Zero, message.Attempts);
        }
    }

    private async Task AcceptedAsync(OutboxMessage message, string id)
    {
        Volatile.Write(ref _failing, false);
        await queue.RemoveAsync(message);
        Delivered(id, queue.Endpoint.Name);
    }

    private async Task RefusedAsync(OutboxMessage message, string id)
    {
        await queue.RemoveAsync(message);
        EndpointRefused(id, queue.Endpoint.Name);
    }

    private async Task FailedAsync(OutboxMessage message, string id, string reason)
    {
        if (!Interlocked.Exchange(ref _failing, true))
            EndpointFails(queue.Endpoint.Name, reason);

        var attempts = message.Attempts + 1;
        if (attempts >= options.MaxAttempts)
        {
            await queue.RemoveAsync(message);
            GivenUp(id, queue.Endpoint.Name, attempts, reason);
            return;
        }

        var delay = RetrySchedule.Delay(options.RetryDelay, attempts, RandomNumberGenerator.GetInt32(1000) / 1000d);
        await queue.PostponeAsync(message, delay, attempts);
        AttemptFailed(id, queue.Endpoint.Name, attempts, reason, delay);
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

    [LoggerMessage(6, LogLevel.Error, "The webhooks for {Endpoint} cannot be read or written now; trying again")]
    private partial void QueueFailed(string endpoint, Exception exception);
}
