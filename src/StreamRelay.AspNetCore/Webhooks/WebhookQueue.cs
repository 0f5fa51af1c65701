using StreamRelay.Outbox;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The messages for one endpoint: they are in the outbox, and nothing is in memory. Any thread may announce; one dispatcher claims and removes.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="outbox">The messages of all endpoints.</param>
/// <param name="time">The clock.</param>
internal sealed class WebhookQueue(WebhookEndpoint endpoint, IOutbox outbox, TimeProvider time)
{
    /// <summary>How often messages are looked for that a process added which has ended since.</summary>
    private static readonly TimeSpan SharedCheck = TimeSpan.FromSeconds(15);

    private volatile TaskCompletionSource _signal = NewSignal();

    public WebhookEndpoint Endpoint => endpoint;

    /// <summary>Claims messages that are due, for so long.</summary>
    public ValueTask<IReadOnlyList<OutboxMessage>> ClaimAsync(int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return outbox.ClaimAsync(endpoint.Id, limit, now, now + lease, cancellationToken);
    }

    /// <summary>The time until a message may be due that was not announced here.</summary>
    public async ValueTask<TimeSpan> FindDelayAsync(CancellationToken cancellationToken)
    {
        var longest = outbox.IsShared ? SharedCheck : RetrySchedule.LongestDelay;
        if (await outbox.FindNextDueAsync(endpoint.Id, cancellationToken) is not { } due)
            return outbox.IsShared ? longest : Timeout.InfiniteTimeSpan;

        // Timers count whole milliseconds, so without one more the wait would end just before the message is due. The bound keeps the wait
        // short after the clock was set back.
        var left = due - time.GetUtcNow();
        return (left < TimeSpan.Zero ? TimeSpan.Zero : left < longest ? left : longest) + TimeSpan.FromMilliseconds(1);
    }

    public ValueTask RemoveAsync(OutboxMessage claimed) => outbox.RemoveAsync(claimed, CancellationToken.None);

    /// <summary>Sets the time of the next attempt.</summary>
    public ValueTask PostponeAsync(OutboxMessage claimed, TimeSpan delay, int attempts) =>
        outbox.PostponeAsync(claimed, time.GetUtcNow() + delay, attempts, CancellationToken.None);

    /// <summary>Announces that a message was added.</summary>
    public void Signal() => _signal.TrySetResult();

    /// <summary>After the call, <see cref="WhenAddedAsync"/> completes with the next message that is added.</summary>
    public void ResetSignal() => _signal = NewSignal();

    /// <summary>Completes when a message is added.</summary>
    /// <exception cref="TimeoutException">None was added within <paramref name="timeout"/>.</exception>
    public Task WhenAddedAsync(TimeSpan timeout, CancellationToken cancellationToken) => _signal.Task.WaitAsync(timeout, time, cancellationToken);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
