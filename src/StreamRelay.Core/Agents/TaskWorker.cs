using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Agents;

/// <summary>Takes tasks from the queue that nodes share while there is room here, keeps them in hand while they run, and hands over what is left when the server stops.</summary>
public sealed partial class TaskWorker(AgentHost host, IWorkQueue work, TimeProvider time, ILogger<TaskWorker> logger) : IHostedService, IDisposable
{
    private const int MostAtOnce = 16;
    private const int TicksBetweenChecks = 6;

    private readonly ConcurrentDictionary<TaskId, WorkItem> _held = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins to take tasks.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(Task.Run(TakeAsync, CancellationToken.None), Task.Run(RenewAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <summary>Takes no more tasks, and lets other nodes take those that run here.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(cancellationToken);
        foreach (var item in _held.Values)
            await TellAsync(() => work.ReleaseAsync(item, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task TakeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await host.Slots.WhenFreeAsync(_stopping.Token);
                foreach (var item in await work.TakeAsync(Math.Clamp(host.Slots.Free, 1, MostAtOnce), _stopping.Token))
                    _ = HandleAsync(item);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotTaken(exception);
                await Task.Delay(work.Lease / 3, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(WorkItem item)
    {
        _held[item.Task] = item;
        try
        {
            var run = await host.TakeUpAsync(item, _stopping.Token);
            if (run is not null)
                await run.Ended;
            if (await host.IsOverAsync(item.Task))
                await TellAsync(() => work.CompleteAsync(item, CancellationToken.None));
            else if (run is not null && _stopping.IsCancellationRequested)
                return;

            // What is neither over nor run here is another node's; its lease decides.
            _held.TryRemove(new(item.Task, item));
        }
        catch (Exception exception)
        {
            _held.TryRemove(new(item.Task, item));
            NotTakenUp(item.Task, exception);
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(work.Lease / 3, time);
        var renewed = time.GetTimestamp();
        for (var tick = 1; await WhenTickAsync(timer); tick++)
        {
            // Who was not heard of for a whole lease may have lost what he runs.
            if (time.GetElapsedTime(renewed) >= work.Lease)
                await TellAsync(() => host.YieldAsync(_stopping.Token));

            await TellAsync(() => host.HearStopsAsync(_stopping.Token));
            if (await TellAsync(() => work.RenewAsync([.. _held.Values], _stopping.Token)))
                renewed = time.GetTimestamp();
            if (tick % TicksBetweenChecks == 0)
                await TellAsync(() => host.OfferMissingAsync(work, time.GetUtcNow() - (2 * work.Lease), _stopping.Token));
        }
    }

    private async Task<bool> WhenTickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TellAsync(Func<ValueTask> tell)
    {
        try
        {
            await tell();
            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Disposed: the host may be stopped from two sides at once, and one of them is done.
            NotTold(exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "No tasks can be taken from the queue; trying again")]
    private partial void NotTaken(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Task {TaskId} could not be taken up; some node does in a lease")]
    private partial void NotTakenUp(TaskId taskId, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The other nodes could not be told what runs here; trying again")]
    private partial void NotTold(Exception exception);
}
