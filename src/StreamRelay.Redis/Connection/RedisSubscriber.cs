using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>Subscribes to any number of channels on a connection of its own. StackExchange.Redis subscribes again after a loss of the connection.</summary>
internal sealed class RedisSubscriber : IAsyncDisposable
{
    private static readonly Action<RedisChannel, RedisValue> Ignore = static (_, _) => { };

    private readonly RedisConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<RedisSubscription, bool> _subscriptions = new();

    public RedisSubscriber(RedisConnection connection, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _time = time;
        _logger = logger;
        connection.Restored += () => _ = NotifyRestoredAsync();
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    /// <summary>Receives the messages of a channel until the result is disposed. On return Redis has confirmed the subscription.</summary>
    /// <param name="channel">The channel's name, not a pattern.</param>
    /// <param name="received">Called for each message, for several at once and on any thread.</param>
    /// <param name="restored">Called after a loss of the connection, when messages are received again: some may have been missed.</param>
    /// <param name="cancellationToken">Gives up while the subscription is not confirmed.</param>
    /// <exception cref="RedisRefusedException">The server refused the subscription.</exception>
    /// <exception cref="RedisUnavailableException">There was no connection in time.</exception>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> received, Action restored, CancellationToken cancellationToken)
    {
        var subscription = new RedisSubscription(this, channel, received, restored, _logger);
        try
        {
            await AddAsync(await _connection.SubscriberAsync(cancellationToken), subscription).WaitAsync(cancellationToken);
            return subscription;
        }
        catch (Exception exception)
        {
            await RemoveAsync(subscription);
            if (RedisErrors.Translate(exception) is { } translated)
                throw translated;

            throw;
        }
    }

    /// <summary>Notifies all subscribers as after a loss of the connection.</summary>
    public void NotifyLoss() => _ = NotifyRestoredAsync();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Ends a subscription; its channel is unsubscribed with the last one.</summary>
    internal async Task RemoveAsync(RedisSubscription subscription)
    {
        if (!_subscriptions.TryRemove(subscription, out _))
            return;

        try
        {
            var subscriber = await _connection.SubscriberAsync(CancellationToken.None);
            Task removing;
            lock (_lock)
                removing = subscriber.UnsubscribeAsync(subscription.Channel, subscription.Receive);

            await removing;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException || RedisErrors.Translate(exception) is not null)
        {
            // Without a connection there is no subscription, and the next connection does not make it again.
        }
    }

    private Task AddAsync(ISubscriber subscriber, RedisSubscription subscription)
    {
        // Commands for a channel are written in the order of the changes to its handlers, so that the last one is the right one.
        lock (_lock)
        {
            _subscriptions[subscription] = true;
            return subscriber.SubscribeAsync(subscription.Channel, subscription.Receive);
        }
    }

    private async Task NotifyRestoredAsync()
    {
        var generation = _connection.Generation;
        for (var failed = 0; !await TryConfirmAsync(); failed++)
        {
            await Task.Delay(BackOff.Delay(failed), _time);
            if (_connection.Generation != generation)
                return;
        }

        foreach (var subscription in _subscriptions.Keys)
            subscription.NotifyRestored();
    }

    /// <summary>Waits until Redis has confirmed all subscriptions: the library sends them again after a loss of the connection, does not wait, and may find no server yet.</summary>
    /// <returns>Whether they are confirmed; also <see langword="true"/> when the connection is closed.</returns>
    private async Task<bool> TryConfirmAsync()
    {
        try
        {
            var subscriber = await _connection.SubscriberAsync(CancellationToken.None);
            await Task.WhenAll(_subscriptions.Keys.Select(subscription => subscription.Channel).Distinct().Select(async channel =>
            {
                await subscriber.SubscribeAsync(channel, Ignore);
                await subscriber.UnsubscribeAsync(channel, Ignore);
            }));
            return true;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException || RedisErrors.Translate(exception) is not null)
        {
            return false;
        }
    }
}
