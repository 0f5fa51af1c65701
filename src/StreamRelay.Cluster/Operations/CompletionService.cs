using Microsoft.Extensions.Hosting;
using StreamRelay.Redis;

namespace StreamRelay.Cluster.Operations;

/// <summary>Receives completion messages for as long as the server runs; stopping finishes what is in hand.</summary>
internal sealed class CompletionService(RedisCompletionConsumer consumer, CompletionReceiver receiver) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await consumer.ConnectAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Closed at once: what is added later must not be delivered to a consumer that is gone.
        await using (consumer)
            await consumer.RunAsync(receiver.ReceiveAsync, stoppingToken);
    }
}
