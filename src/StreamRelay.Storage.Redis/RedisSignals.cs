using StreamRelay.Agents;
using StreamRelay.Storage.Redis.Resp;

namespace StreamRelay.Storage.Redis;

/// <summary>What nodes tell each other, by publishing.</summary>
internal sealed class RedisSignals(RespConnection connection, RespSubscriber subscriber, RedisKeys keys) : INodeSignals
{
    public event EventHandler<TaskId>? StopWanted;

    /// <summary>Begins to listen.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken) =>
        await subscriber.SubscribeAsync(keys.Stop, Hear, static () => { }, cancellationToken);

    public async ValueTask WantStopAsync(TaskId task)
    {
        try
        {
            await connection.SendAsync(RespCommand.Of("PUBLISH", keys.Stop, task.ToString()), CancellationToken.None);
        }
        catch (IOException exception) when (Outage.IsOne(exception))
        {
            // The record says it too, and its node looks there from time to time.
        }
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        if (TaskId.TryParse(System.Text.Encoding.UTF8.GetString(message.Span), out var task))
            StopWanted?.Invoke(this, task);
    }
}
