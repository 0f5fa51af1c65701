using Microsoft.Extensions.Hosting;
using StreamRelay.Redis.Operations;

namespace StreamRelay.Cluster.Operations;

/// <summary>Receives completion messages while the server runs. Stopping waits for the message that is being applied.</summary>
internal sealed class CompletionService(RedisCompletionConsumer consumer, CompletionReceiver receiver) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await consumer.ConnectAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The consumer is disposed at once, because Redis would deliver later messages to a consumer that no longer reads.
        await using (consumer)
            await consumer.RunAsync(receiver.ReceiveAsync, stoppingToken);
    }
}
