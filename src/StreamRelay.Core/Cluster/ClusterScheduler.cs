using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Runs tasks on the nodes of a cluster: a task is offered to all nodes, claimed by one with a free slot, and stopped on the node that runs it.</summary>
public sealed class ClusterScheduler : ITaskScheduler, IDisposable
{
    private readonly ClusterNode _node;
    private readonly RemoteTasks _remote;
    private readonly LogHeads _heads;
    private readonly INodeSignals? _signals;
    private readonly TaskWorker _worker;
    private readonly NodeLease _lease;
    private readonly StaleReaderDetector _staleReaders;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>Creates a scheduler that has not started.</summary>
    public ClusterScheduler(
        TaskRuns runs, RunStores stores, LogHeads heads, StreamReaders readers, IWorkQueue work, ILogger<ClusterScheduler> logger, INodeSignals? signals = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        _node = new(runs, stores, work, logger);
        _remote = new(stores, heads);
        _heads = heads;
        _signals = signals;
        _worker = new(_node, new(_node, _remote), signals, logger);
        _lease = new(_node, _worker.GetHeld);
        _staleReaders = new(_node, readers, logger);
    }

    /// <inheritdoc/>
    public bool IsStopping => _node.Runs.IsStopping;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _signals?.StopRequested += OnStopRequested;
        _signals?.NodeIdle += OnNodeIdle;
        var stopping = _stopping.Token;
        _running = Task.WhenAll(
            Task.Run(() => _worker.RunAsync(stopping), CancellationToken.None),
            Task.Run(() => _lease.RenewAsync(stopping), CancellationToken.None),
            Task.Run(() => _lease.CheckAsync(stopping), CancellationToken.None),
            Task.Run(() => _staleReaders.RunAsync(stopping), CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _stopped ??= StopOnceAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<TaskRecord> ScheduleAsync(TaskRecord record, AgentDefinition agent, TaskInput input)
    {
        ArgumentNullException.ThrowIfNull(record);
        await OfferAsync(record);
        return record;
    }

    /// <inheritdoc/>
    /// <remarks>Tasks of this node alone: the queue brings the tasks of a node that has ended, and those that wait.</remarks>
    public async ValueTask<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await _node.Runs.Starts.DeleteRefusedAsync();
        var running = await _node.Stores.Tasks.ListAsync(new() { State = TaskState.Running, Limit = int.MaxValue }, cancellationToken);
        return await _node.Runs.RecoverLeftAsync(running.Where(task => task.Node == _node.Work.Node).Reverse(), _node.Work.Node, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        await _node.Runs.StopAsync(task, cancellationToken);

        // Another node may have taken over a task that ran here.
        if (IsStopping || await _remote.RequestStopAsync(task, cancellationToken) is not { IsEnded: false } requested)
            return;

        if (requested.State == TaskState.Queued)
            await EndQueuedAsync(requested);
        if (_signals is not null)
            await _signals.RequestStopAsync(task);

        await _remote.WhenEndedAsync(task, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);

        if (task.IsAccepted)
            return true;

        // The node that stored the record may be about to announce the task, or may have ended before.
        if (await _heads.GetAsync(task, cancellationToken) == 0)
            await OfferAsync(task);

        // That node may still refuse the start, unless this one accepts it first.
        var stored = await _node.Stores.Tasks.UpdateAsync(
            task, current => current.IsAccepted || current.StopRequested ? null : current with { Node = _node.Work.Node }, cancellationToken);
        return stored is { IsAccepted: true };
    }

    /// <inheritdoc/>
    public async Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_node.Runs.Find(task) is { } run)
            await run.Ended.WaitAsync(cancellationToken);

        await _remote.WhenEndedAsync(task, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _worker.Dispose();
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signals?.StopRequested -= OnStopRequested;
        _signals?.NodeIdle -= OnNodeIdle;
        await _node.Runs.ShutDownAsync(cancellationToken);
        await _worker.ReleaseAsync(cancellationToken);
    }

    private async ValueTask OfferAsync(TaskRecord record)
    {
        await _node.Runs.AnnounceAsync(record);
        await _node.Work.OfferAsync(record.Id, CancellationToken.None);
    }

    private async Task EndQueuedAsync(TaskRecord task)
    {
        try
        {
            await _node.Runs.RecoverAsync(task, _node.Work.Node, Task.CompletedTask);
        }
        catch (Exception exception) when (exception is InvalidOperationException or PublishException { Failure: PublishFailure.StaleEpoch })
        {
            // Another node was first and ends the task.
        }
    }

    private void OnNodeIdle(object? sender, IdleNode idle)
    {
        if (idle.Node != _node.Work.Node)
            _worker.HandOver(idle.Slots);
    }

    private void OnStopRequested(object? sender, TaskId task) => _ = _node.Runs.StopAsync(task, CancellationToken.None);
}
