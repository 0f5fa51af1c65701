using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Carries one endpoint's messages to it: the oldest first, a few at a time. Each endpoint has a courier of its own, so that none waits for another.</summary>
internal sealed partial class WebhookDispatcher(
    WebhookQueue mailbox, WebhookClient client, WebhookOptions options, AgentHost host, ITaskStore tasks, TimeProvider time, ILogger<WebhookDispatcher> logger)
{
    private const int MostInFlight = 8;

    private readonly Dictionary<PendingWebhook, Task> _underWay = [];
    private bool _failing;

    /// <summary>Goes on until it is cancelled. A message that is on its way then is sent again after the next start.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                await CarryAsync(cancellationToken);
        }
        finally
        {
            await Task.WhenAll(_underWay.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CarryAsync(CancellationToken cancellationToken)
    {
        try
        {
            mailbox.Listen();
            await ForgetDeliveredAsync();
            var patience = SendDue(cancellationToken);
            await WaitAsync(patience, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            MailboxFailed(mailbox.Endpoint.Name, exception);
            await Task.Delay(options.RetryDelay, time, cancellationToken);
        }
    }

    // Before the mailbox is read, so that nothing is taken up that was finished in between.
    private async Task ForgetDeliveredAsync()
    {
        foreach (var (message, delivery) in _underWay.Where(underWay => underWay.Value.IsCompleted).ToArray())
        {
            _underWay.Remove(message);
            await delivery;
        }
    }

    private TimeSpan SendDue(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var message in mailbox.First(2 * MostInFlight).Where(message => !_underWay.ContainsKey(message)))
        {
            if (_underWay.Count == MostInFlight)
                break;
            if (message.Due > now)
                return Patience(message.Due - now);

            _underWay[message] = DeliverAsync(message, cancellationToken);
        }

        return Timeout.InfiniteTimeSpan;
    }

    private async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var added = mailbox.WhenAddedAsync(patience, time, awake.Token);
        await Task.WhenAny([added, .. _underWay.Values]);
        await awake.CancelAsync();
        await added.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // Timers count whole milliseconds: one more, or the wait would end just before the message is due. And none is longer than
    // the longest delay, however the clock was set meanwhile.
    private static TimeSpan Patience(TimeSpan left) =>
        (left < RetrySchedule.LongestDelay ? left : RetrySchedule.LongestDelay) + TimeSpan.FromMilliseconds(1);

    private async Task DeliverAsync(PendingWebhook message, CancellationToken cancellationToken)
    {
        // Who is told of an end and asks for the task must see it ended.
        await host.WaitAsync(message.Task, cancellationToken);
        if (await tasks.FindAsync(message.Task, cancellationToken) is { IsEnded: false })
        {
            mailbox.Replace(message, message with { Due = time.GetUtcNow() + options.RetryDelay });
            return;
        }

        var id = mailbox.Endpoint.MessageId(message.Task);
        var reply = await client.PostAsync(mailbox.Endpoint, id, mailbox.Read(message), cancellationToken);
        if (reply.IsTaken)
            Taken(message, id);
        else if (reply.IsGone)
            Refused(message, id);
        else
            Failed(message with { Attempts = message.Attempts + 1 }, message, id, reply.Text);
    }

    private void Taken(PendingWebhook message, string id)
    {
        Volatile.Write(ref _failing, false);
        mailbox.Remove(message);
        Delivered(id, mailbox.Endpoint.Name);
    }

    private void Refused(PendingWebhook message, string id)
    {
        mailbox.Remove(message);
        NotWanted(id, mailbox.Endpoint.Name);
    }

    private void Failed(PendingWebhook next, PendingWebhook message, string id, string reason)
    {
        if (!Interlocked.Exchange(ref _failing, true))
            EndpointFails(mailbox.Endpoint.Name, reason);

        if (next.Attempts >= options.MaxAttempts)
        {
            mailbox.Remove(message);
            GivenUp(id, mailbox.Endpoint.Name, next.Attempts, reason);
            return;
        }

        var delay = RetrySchedule.Delay(options.RetryDelay, next.Attempts, RandomNumberGenerator.GetInt32(1000) / 1000d);
        mailbox.Replace(message, next with { Due = time.GetUtcNow() + delay });
        TriedInVain(id, mailbox.Endpoint.Name, next.Attempts, reason, delay);
    }

    [LoggerMessage(1, LogLevel.Debug, "Webhook {MessageId} was delivered to {Endpoint}")]
    private partial void Delivered(string messageId, string endpoint);

    [LoggerMessage(2, LogLevel.Debug, "Webhook {MessageId} to {Endpoint} failed in attempt {Attempt}: {Reason}; the next is in {Delay}")]
    private partial void TriedInVain(string messageId, string endpoint, int attempt, string reason, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Warning, "Webhook {MessageId} to {Endpoint} was given up after {Attempts} attempts: {Reason}")]
    private partial void GivenUp(string messageId, string endpoint, int attempts, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Webhook {MessageId} is not wanted by {Endpoint} (status 410), and is not sent again")]
    private partial void NotWanted(string messageId, string endpoint);

    [LoggerMessage(5, LogLevel.Warning, "Webhooks to {Endpoint} fail now: {Reason}; they are kept and tried again")]
    private partial void EndpointFails(string endpoint, string reason);

    [LoggerMessage(6, LogLevel.Error, "The webhooks kept for {Endpoint} cannot be reached; trying again")]
    private partial void MailboxFailed(string endpoint, Exception exception);
}
