using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>One receiver of one channel's messages; disposing it unsubscribes. An exception of the receiver is logged.</summary>
internal sealed partial class RedisSubscription : IAsyncDisposable
{
    private readonly RedisSubscriber _subscriber;
    private readonly Action<ReadOnlyMemory<byte>> _received;
    private readonly Action _restored;
    private readonly ILogger _logger;

    public RedisSubscription(RedisSubscriber subscriber, string channel, Action<ReadOnlyMemory<byte>> received, Action restored, ILogger logger)
    {
        _subscriber = subscriber;
        _received = received;
        _restored = restored;
        _logger = logger;
        Channel = RedisChannel.Literal(channel);
        Receive = OnMessage;
    }

    public RedisChannel Channel { get; }

    /// <summary>The handler that the library calls; the same object each time, so that it can be removed.</summary>
    public Action<RedisChannel, RedisValue> Receive { get; }

    public void NotifyRestored()
    {
        try
        {
            _restored();
        }
        catch (Exception exception)
        {
            ReceiverFailed(exception, $"{Channel}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _ = _subscriber.RemoveAsync(this);
        return ValueTask.CompletedTask;
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        try
        {
            _received((ReadOnlyMemory<byte>)message);
        }
        catch (Exception exception)
        {
            ReceiverFailed(exception, $"{Channel}");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A receiver of channel {Channel} failed")]
    private partial void ReceiverFailed(Exception exception, string channel);
}
