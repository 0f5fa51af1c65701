using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Acts when a task's last reader leaves, or a restart has disconnected its readers: stops the task where its agent's
/// <see cref="AgentOptions.OnDisconnect"/> says so, and deletes an ephemeral task after its end.</summary>
public sealed partial class DisconnectPolicy(
    TaskRuns runs, AgentHost host, StreamReaders readers, TaskRetention retention, RunStores stores,
    IHostApplicationLifetime lifetime, ILogger<DisconnectPolicy> logger)
{
    private readonly ConcurrentDictionary<TaskId, object> _departures = new();

    // Readers whose connection a shutdown closes have not left their task.
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    /// <summary>Starts to observe readers and recovered tasks. Call it before the scheduler recovers tasks.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        readers.LastLeft += OnLastLeft;
        runs.Recovered += OnRecovered;
        return Task.CompletedTask;
    }

    /// <summary>Deletes the ephemeral tasks of the last process, each after its end. Call it after the scheduler has recovered tasks.</summary>
    public async Task DeleteLeftAsync(CancellationToken cancellationToken)
    {
        foreach (var task in await stores.Tasks.ListAsync(new() { Ephemeral = true, Limit = int.MaxValue }, cancellationToken))
            _ = ActAsync(task.Request);
    }

    /// <summary>Stops to observe.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        runs.Recovered -= OnRecovered;
        readers.LastLeft -= OnLastLeft;
        return Task.CompletedTask;
    }

    private void OnLastLeft(object? sender, TaskRequest task) => _ = ActAsync(task);

    private void OnRecovered(TaskRequest task) => _ = ActAsync(task);

    private async Task ActAsync(TaskRequest request)
    {
        var id = request.Id;
        try
        {
            // Most tasks need nothing, and their records are not read.
            var grace = runs.Agents.Find(request.Agent)?.Options is { OnDisconnect: OnDisconnect.Stop } options ? options.DisconnectGrace : (TimeSpan?)null;
            if ((grace is null && !request.Ephemeral) || await stores.Tasks.FindAsync(id, _stopping) is not { } task)
                return;
            if (grace is { } wait && !task.IsEnded)
                await StopUnlessReadAgainAsync(id, wait);
            if (!request.Ephemeral)
                return;

            await host.WaitAsync(id, _stopping);
            if (await readers.CountAllAsync(id, _stopping) == 0)
                await retention.DeleteAsync(id, _stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next start continues.
        }
        catch (Exception exception)
        {
            ActionFailed(id, exception);
        }
    }

    private async Task StopUnlessReadAgainAsync(TaskId id, TimeSpan grace)
    {
        // Each departure of a last reader starts the grace again.
        var departure = _departures[id] = new object();
        await Task.Delay(grace, stores.Time, _stopping);
        if (_departures.TryRemove(new(id, departure)) && await readers.CountAllAsync(id, _stopping) == 0)
            await host.StopTaskAsync(id, _stopping);
    }

    [LoggerMessage(1, LogLevel.Error, "Task {TaskId} has no readers any more, and could not be stopped or deleted")]
    private partial void ActionFailed(TaskId taskId, Exception exception);
}
