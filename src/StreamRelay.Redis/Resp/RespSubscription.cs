using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Resp;

/// <summary>One listener of one channel; disposing it ends the listening. What it throws is only reported.</summary>
internal sealed partial class RespSubscription(
    RespSubscriber subscriber, string channel, Action<ReadOnlyMemory<byte>> received, Action reconnected, ILogger logger) : IAsyncDisposable
{
    public string Channel => channel;

    public void Receive(ReadOnlyMemory<byte> message)
    {
        try
        {
            received(message);
        }
        catch (Exception exception)
        {
            ListenerFailed(exception, channel);
        }
    }

    public void Reconnect()
    {
        try
        {
            reconnected();
        }
        catch (Exception exception)
        {
            ListenerFailed(exception, channel);
        }
    }

    public ValueTask DisposeAsync()
    {
        subscriber.Remove(this);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Error, "A listener of {Channel} failed")]
    private partial void ListenerFailed(Exception exception, string channel);
}
