using Microsoft.Extensions.Hosting;

namespace StreamRelay.Runs;

/// <summary>Starts the parts that run in the background in the order written here, and stops them in reverse.</summary>
public sealed class RelayHostedService(ITaskScheduler scheduler, DisconnectPolicy disconnects, RetentionTimer retention, TaskSweep sweep) : IHostedService
{
    private readonly Lock _lock = new();
    private Task? _stopped;

    /// <summary>Starts the scheduler with its recovery between the parts that observe it, then what acts on the tasks there are.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await disconnects.StartAsync(cancellationToken);
        await scheduler.StartAsync(cancellationToken);
        await disconnects.DeleteLeftAsync(cancellationToken);
        await retention.StartAsync(cancellationToken);
        await sweep.StartAsync(cancellationToken);
    }

    /// <summary>Stops all parts. Tasks that run are not ended. A host may stop its services twice, also after it disposed them: the second call waits for the first.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _stopped ??= StopOnceAsync(cancellationToken);
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await sweep.StopAsync(cancellationToken);
        await retention.StopAsync(cancellationToken);
        await disconnects.StopAsync(cancellationToken);
        await scheduler.StopAsync(cancellationToken);
    }
}
