using Microsoft.Extensions.Hosting;

namespace StreamRelay.Runs;

/// <summary>Starts the parts that run in the background in the order written here, and stops them in reverse.</summary>
public sealed class RelayHostedService(ITaskScheduler scheduler, DisconnectPolicy disconnects, RetentionTimer retention) : IHostedService
{
    /// <summary>Starts the scheduler with its recovery, then what acts on the tasks that run.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await scheduler.StartAsync(cancellationToken);
        await disconnects.StartAsync(cancellationToken);
        await retention.StartAsync(cancellationToken);
    }

    /// <summary>Stops all parts. Tasks that run are not ended.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await retention.StopAsync(cancellationToken);
        await disconnects.StopAsync(cancellationToken);
        await scheduler.StopAsync(cancellationToken);
    }
}
