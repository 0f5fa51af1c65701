using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Takes tasks from the queue that nodes share while there is room here, keeps them in hand while they run, and hands over what is left when the server stops.</summary>
public sealed partial class TaskWorker(AgentHost host, IWorkQueue work, IOptions<StreamOptions> options, TimeProvider time, ILogger<TaskWorker> logger)
    : IHostedService, IDisposable
{
    private const int MostAtOnce = 16;
    private const int TicksBetweenChecks = 6;

    private readonly ConcurrentDictionary<TaskId, WorkItem> _held = new();
    private readonly SemaphoreSlim _room = new(options.Value.MaxRunningTasks);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private Task? _stopped;
    private volatile bool _hasLapsed;

    private ClusterRuns Cluster { get; } = host.Cluster ?? throw new ArgumentException("The host's nodes share no work queue.", nameof(host));

    /// <summary>Begins to take tasks.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(
            Task.Run(TakeAsync, CancellationToken.None), Task.Run(RenewAsync, CancellationToken.None), Task.Run(CheckAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <summary>Takes no more tasks, and lets other nodes take those that run here. A host may ask twice.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_held)
            return _stopped ??= StopOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _room.Dispose();
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(cancellationToken);
        foreach (var item in _held.Values)
            await TellAsync(() => work.ReleaseAsync(item, cancellationToken));
    }

    private async Task TakeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await TakeOnceAsync();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                NotTaken(exception);
                await Task.Delay(work.Lease / 3, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TakeOnceAsync()
    {
        await _room.WaitAsync(_stopping.Token);
        var places = 1;
        while (places < MostAtOnce && _room.Wait(0, CancellationToken.None))
            places++;

        try
        {
            foreach (var item in await work.TakeAsync(places, _stopping.Token))
            {
                places--;
                _ = HandleAsync(item);
            }
        }
        finally
        {
            if (places > 0)
                _room.Release(places);
        }
    }

    private async Task HandleAsync(WorkItem item)
    {
        var gone = Task.CompletedTask;
        _held[item.Task] = item;
        try
        {
            var run = await TakeUpAsync(item);
            gone = run?.Gone ?? Task.CompletedTask;
            if (run is not null)
                await run.Ended;
            if (await Cluster.IsOverAsync(item.Task))
                await TellAsync(() => work.CompleteAsync(item, CancellationToken.None));

            // What is neither over nor run here is another node's; its lease decides. What runs here at the end is handed over.
            if (run is null || run.Record.IsEnded || !_stopping.IsCancellationRequested)
                _held.TryRemove(new(item.Task, item));
        }
        catch (Exception exception)
        {
            _held.TryRemove(new(item.Task, item));
            NotTakenUp(item.Task, exception);
        }

        // An agent that does not leave keeps its place.
        await gone;
        if (!_stopping.IsCancellationRequested)
            _room.Release();
    }

    private async Task<TaskRun?> TakeUpAsync(WorkItem item)
    {
        var record = await Cluster.FindAsync(item, _stopping.Token);
        if (record is not null && Cluster.HasTurn(record.Request))
        {
            // Who waits for others must not keep them from a place.
            _room.Release();
            try
            {
                await Cluster.WhenEarlierEndedAsync(record.Request, _stopping.Token);
            }
            finally
            {
                await _room.WaitAsync(_stopping.Token);
            }

            record = await Cluster.FindAsync(item, _stopping.Token);
        }

        return record is null ? null : await Cluster.TakeUpAsync(record);
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(work.Lease / 3, time);
        for (var renewed = time.GetTimestamp(); await WhenTickAsync(timer);)
        {
            // Who was not heard of for a whole lease may have lost what he runs.
            _hasLapsed |= time.GetElapsedTime(renewed) >= work.Lease;
            if (await TellAsync(() => work.RenewAsync([.. _held.Values], _stopping.Token)))
                renewed = time.GetTimestamp();
        }
    }

    /// <summary>Asks the records, apart from renewing: while their store is away, a node is still there.</summary>
    private async Task CheckAsync()
    {
        using var timer = new PeriodicTimer(work.Lease / 3, time);
        for (var tick = 1; await WhenTickAsync(timer); tick++)
        {
            if (_hasLapsed && await TellAsync(() => Cluster.YieldAsync(_stopping.Token)))
                _hasLapsed = false;

            await TellAsync(() => Cluster.HearStopsAsync(_stopping.Token));
            if (tick % TicksBetweenChecks == 0)
                await TellAsync(() => Cluster.OfferMissingAsync(time.GetUtcNow() - (2 * work.Lease), _stopping.Token));
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
