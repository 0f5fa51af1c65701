namespace StreamRelay.Storage.Redis.Resp;

/// <summary>One listener of one channel; disposing it ends the listening.</summary>
internal sealed class RespSubscription(RespSubscriber subscriber, string channel, Action<ReadOnlyMemory<byte>> received, Action reconnected) : IAsyncDisposable
{
    public string Channel => channel;

    public void Receive(ReadOnlyMemory<byte> message) => received(message);

    public void Reconnect() => reconnected();

    public ValueTask DisposeAsync()
    {
        subscriber.Remove(this);
        return ValueTask.CompletedTask;
    }
}
