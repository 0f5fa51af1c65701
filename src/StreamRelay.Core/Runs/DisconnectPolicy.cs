using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Cluster;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Acts when a task's last reader leaves: stops it where its agent's <see cref="AgentOptions.OnDisconnect"/> says so,
/// and forgets it when it was to be kept no longer than it is read.</summary>
public sealed partial class DisconnectPolicy(
    AgentRegistry agents, AgentHost host, StreamManager streams, ITaskStore tasks,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DisconnectPolicy> logger) : IHostedService
{
    private readonly ConcurrentDictionary<TaskId, object> _departures = new();

    // Readers that leave because the server does have not turned away from their task.
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    /// <summary>Begins to watch, and forgets what a restart left behind of tasks that were not to be kept.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        streams.Readers.LastLeft += OnLastLeft;
        if (host.Cluster is { } cluster)
            _ = new StaleReaderDetector(cluster, agents, streams, task => OnLastLeft(this, task), time, logger).WatchAsync(_stopping);

        foreach (var task in await tasks.ListAsync(new() { Ephemeral = true, Limit = int.MaxValue }, cancellationToken))
            _ = ActAsync(task.Id);
    }

    /// <summary>Watches no more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        streams.Readers.LastLeft -= OnLastLeft;
        return Task.CompletedTask;
    }

    private void OnLastLeft(object? sender, TaskId task) => _ = ActAsync(task);

    private async Task ActAsync(TaskId id)
    {
        try
        {
            if (await tasks.FindAsync(id, _stopping) is not { } task)
                return;
            if (!task.IsEnded && agents.Find(task.Request.Agent)?.Options is { OnDisconnect: OnDisconnect.Stop } options)
                await StopUnlessReadAgainAsync(id, options.DisconnectGrace);
            if (!task.Request.Ephemeral)
                return;

            await host.WaitAsync(id, _stopping);
            if (await streams.Readers.CountAllAsync(id, _stopping) == 0)
                await streams.DeleteAsync(id, _stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next start goes on with it.
        }
        catch (Exception exception)
        {
            NotActed(id, exception);
        }
    }

    private async Task StopUnlessReadAgainAsync(TaskId id, TimeSpan grace)
    {
        // Who leaves last starts the grace anew.
        var departure = _departures[id] = new object();
        await Task.Delay(grace, time, _stopping);
        if (_departures.TryRemove(new(id, departure)) && await streams.Readers.CountAllAsync(id, _stopping) == 0)
            await host.StopTaskAsync(id, _stopping);
    }

    [LoggerMessage(1, LogLevel.Error, "Task {TaskId} has no readers any more, and could not be stopped or forgotten")]
    private partial void NotActed(TaskId taskId, Exception exception);
}
