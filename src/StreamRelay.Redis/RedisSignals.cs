using System.Text;
using StreamRelay.Cluster;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>What nodes tell each other, by publishing.</summary>
internal sealed class RedisSignals(RespConnection connection, RespSubscriber subscriber, RedisKeys keys) : INodeSignals
{
    public event EventHandler<TaskId>? StopRequested;

    public event EventHandler<TaskId>? ProducerSeen;

    /// <summary>Begins to listen.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        await subscriber.SubscribeAsync(keys.Stop, task => Hear(task, StopRequested), static () => { }, cancellationToken);
        await subscriber.SubscribeAsync(keys.Producer, task => Hear(task, ProducerSeen), static () => { }, cancellationToken);
    }

    public ValueTask RequestStopAsync(TaskId task) => TellAsync(keys.Stop, task);

    public ValueTask AnnounceProducerAsync(TaskId task) => TellAsync(keys.Producer, task);

    private async ValueTask TellAsync(string channel, TaskId task)
    {
        try
        {
            await connection.SendAsync(RespCommand.Of("PUBLISH", channel, task.ToString()), CancellationToken.None);
        }
        catch (IOException exception) when (Outage.IsOne(exception))
        {
            // A hint: what it tells is said again, or found out.
        }
    }

    private void Hear(ReadOnlyMemory<byte> message, EventHandler<TaskId>? heard)
    {
        if (TaskId.TryParse(Encoding.UTF8.GetString(message.Span), out var task))
            heard?.Invoke(this, task);
    }
}
