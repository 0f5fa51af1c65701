using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Takes tasks from the work queue while this node has free slots, and holds each one until its run has ended. Hands those over that wait when another node
/// has nothing to run, and all of them at a shutdown.</summary>
internal sealed partial class TaskWorker(ClusterNode node, WorkClaims claims, INodeSignals? signals, ILogger logger) : IDisposable
{
    private const int LargestBatch = 16;

    private readonly ConcurrentDictionary<TaskId, WorkItem> _held = new();
    private readonly TaskSlots _slots = new(node.Runs.Slots, node.Shared);
    private readonly SemaphoreSlim _permits = new(node.Runs.Capacity);
    private Task _stopped = Task.CompletedTask;

    /// <summary>The items that this node holds now.</summary>
    public IReadOnlyCollection<WorkItem> GetHeld() => [.. _held.Values];

    /// <summary>Takes tasks until <paramref name="stopping"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _stopped = Task.Delay(Timeout.InfiniteTimeSpan, node.Stores.Time, stopping);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                TakeFailed(exception);
                await Task.Delay(node.Work.Lease / 3, node.Stores.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Hands at most so many tasks that wait for a slot over to a node that has nothing to run.</summary>
    public void HandOver(int count) => _slots.HandOver(count);

    /// <summary>Hands all held items over to other nodes.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        foreach (var item in _held.Values)
            await node.TryAsync(() => node.Work.ReleaseAsync(item, cancellationToken));
    }

    public void Dispose() => _permits.Dispose();

    private async Task TakeAsync(CancellationToken stopping)
    {
        await _permits.WaitAsync(stopping);
        var slots = 1;
        while (slots < LargestBatch && _permits.Wait(0, CancellationToken.None))
            slots++;

        try
        {
            var items = await node.Work.TakeAsync(slots, stopping);
            foreach (var item in items)
            {
                slots--;
                _ = HandleAsync(item, stopping);
            }

            if (items.Count == 0 && !_slots.HasWaiting && signals is not null)
                await signals.AnnounceIdleAsync(slots + _permits.CurrentCount);
        }
        finally
        {
            if (slots > 0)
                _permits.Release(slots);
        }
    }

    private async Task HandleAsync(WorkItem item, CancellationToken stopping)
    {
        var permit = new WorkPermit(_permits);

        // A task that is offered twice is handled once: the queue delivers the other item again after a lease.
        if (_held.TryAdd(item.Task, item))
            await HandleAsync(item, permit, stopping);
        if (!stopping.IsCancellationRequested)
            await permit.EndAsync();
    }

    private async Task HandleAsync(WorkItem item, WorkPermit permit, CancellationToken stopping)
    {
        TaskRun? run = null;
        try
        {
            run = await ClaimAsync(item, permit, stopping);
            if (run is not null)
                await run.Ended;

            var isDone = run?.Record.IsEnded is true || await claims.IsDoneAsync(item.Task);
            if (isDone)
                await node.TryAsync(() => node.Work.CompleteAsync(item, CancellationToken.None));

            // A task that neither has ended nor runs here is another node's, whose lease decides. One that runs or waits here at a shutdown stays held, to be handed over.
            if (isDone || !stopping.IsCancellationRequested)
                _held.TryRemove(new(item.Task, item));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The task stays held as well.
        }
        catch (Exception exception)
        {
            _held.TryRemove(new(item.Task, item));
            ClaimFailed(item.Task, exception);
        }

        // A runner that has not returned keeps its permit and its slot.
        if (run is not null)
        {
            await run.RunnerExited;
            node.Shared.Leave(item.Task);
        }
    }

    private async Task<TaskRun?> ClaimAsync(WorkItem item, WorkPermit permit, CancellationToken stopping)
    {
        if (await claims.FindAsync(item, stopping) is not { } record)
            return null;
        if (node.Runs.Find(item.Task) is { } running)
            return running;

        var earlier = await claims.FindEarlierAsync(record.Request, stopping);
        if (earlier.Count == 0 && await _slots.TryEnterAsync(record.Request))
            return await ClaimAsync(record.Request, () => new(record));

        if (await WhenAllowedAsync(record.Request, earlier, permit, stopping))
            return await ClaimAsync(record.Request, () => claims.FindAsync(item, stopping));

        if (!stopping.IsCancellationRequested)
            await HandOverAsync(item);

        return null;
    }

    /// <summary>In this order: this node may take the task again, a task that is offered twice runs once, and one that is not offered would wait for a lease.</summary>
    private async ValueTask HandOverAsync(WorkItem item)
    {
        _held.TryRemove(new(item.Task, item));
        await node.Work.OfferAsync(item.Task, CancellationToken.None);
        await node.Work.CompleteAsync(item, CancellationToken.None);
    }

    /// <summary>Waits until earlier tasks of its conversation, its owner and its agent let a task run here.</summary>
    /// <returns>Whether the task has a slot of the node, and one of all nodes.</returns>
    private async Task<bool> WhenAllowedAsync(TaskRequest request, IReadOnlyList<TaskRecord> earlier, WorkPermit permit, CancellationToken stopping)
    {
        permit.GiveBack();
        try
        {
            await claims.WhenEndedAsync(earlier, stopping);
            return await _slots.EnterAsync(request, _stopped);
        }
        finally
        {
            permit.TakeAgain(stopping);
        }
    }

    /// <summary>Claims a task that has its slots, unless it has meanwhile ended or become another node's; the run keeps the slots.</summary>
    private async Task<TaskRun?> ClaimAsync(TaskRequest request, Func<ValueTask<TaskRecord?>> find)
    {
        TaskRun? run = null;
        try
        {
            return run = await find() is { } record ? await claims.ClaimAsync(record) : null;
        }
        finally
        {
            if (run is null)
                _slots.Leave(request);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "No tasks can be taken from the queue; trying again")]
    private partial void TakeFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Task {TaskId} could not be claimed; a node claims it after a lease")]
    private partial void ClaimFailed(TaskId taskId, Exception exception);
}
