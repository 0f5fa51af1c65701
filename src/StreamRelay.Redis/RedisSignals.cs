using System.Globalization;
using System.Text;
using StackExchange.Redis;
using StreamRelay.Cluster;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Notifies the other nodes by publishing.</summary>
internal sealed class RedisSignals(RedisConnections connections, RedisKeys keys, string node) : INodeSignals
{
    public event EventHandler<TaskId>? StopRequested;

    public event EventHandler<TaskId>? ProducerSeen;

    public event EventHandler<IdleNode>? NodeIdle;

    public event EventHandler? KeysChanged;

    /// <summary>Subscribes to the signals of all nodes.</summary>
    public async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        await connections.Signals.SubscribeAsync(keys.Stop, message => Raise(message, StopRequested), static () => { }, cancellationToken);
        await connections.Signals.SubscribeAsync(keys.Producer, message => Raise(message, ProducerSeen), static () => { }, cancellationToken);
        await connections.Signals.SubscribeAsync(keys.Idle, RaiseIdle, static () => { }, cancellationToken);
        await connections.Signals.SubscribeAsync(keys.ApiKeys, _ => RaiseKeysChanged(), RaiseKeysChanged, cancellationToken);
    }

    public ValueTask AnnounceIdleAsync(int slots) => PublishAsync(keys.Idle, string.Create(CultureInfo.InvariantCulture, $"{slots} {node}"));

    public ValueTask AnnounceKeysAsync() => PublishAsync(keys.ApiKeys, "");

    public ValueTask RequestStopAsync(TaskId task) => PublishAsync(keys.Stop, task.ToString());

    public ValueTask AnnounceProducerAsync(TaskId task) => PublishAsync(keys.Producer, task.ToString());

    private async ValueTask PublishAsync(string channel, string text)
    {
        try
        {
            await connections.Commands.SendAsync(database => database.PublishAsync(RedisChannel.Literal(channel), text), CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // A signal is a hint: it is repeated, or its cause is found in the records.
        }
    }

    private void RaiseIdle(ReadOnlyMemory<byte> message)
    {
        if (Encoding.UTF8.GetString(message.Span).Split(' ', 2) is [var slots, var name] && int.TryParse(slots, NumberStyles.None, CultureInfo.InvariantCulture, out var free))
            NodeIdle?.Invoke(this, new(name, free));
    }

    private void RaiseKeysChanged() => KeysChanged?.Invoke(this, EventArgs.Empty);

    private void Raise(ReadOnlyMemory<byte> message, EventHandler<TaskId>? handlers)
    {
        if (TaskId.TryParse(Encoding.UTF8.GetString(message.Span), out var task))
            handlers?.Invoke(this, task);
    }
}
