using StreamRelay.Agents;
using StreamRelay.Logs;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>The runs here as a part of what several nodes run together: tasks are offered to all, taken up by one, and stopped on whichever has them.</summary>
internal sealed class ClusterRuns(
    TaskRuns runs, AgentRegistry agents, StreamManager streams, ITaskStore tasks, StreamOpener opener, TaskRecovery takeover, TimeProvider time,
    IWorkQueue work, INodeSignals? signals)
{
    private const int OthersLeases = 20;

    private readonly RemoteTasks _watch = new(streams, tasks, time);

    /// <summary>How long a node is not heard of before it counts as gone.</summary>
    public TimeSpan Lease => work.Lease;

    /// <summary>The tasks that run here now.</summary>
    public IEnumerable<TaskRequest> Here => runs.All.Select(run => run.Record.Request);

    /// <summary>Begins to hear what the other nodes want stopped.</summary>
    public void Start() => signals?.StopWanted += OnStopWanted;

    /// <summary>Hears it no longer.</summary>
    public void Stop() => signals?.StopWanted -= OnStopWanted;

    /// <summary>Makes a new task readable on every node, and offers it to whoever has room.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read, and will not run; one that has a key will, for whoever comes again with it.</exception>
    public async ValueTask StartAsync(TaskRecord record)
    {
        try
        {
            await OfferAsync(record);
        }
        catch (StoreUnavailableException) when (record.Request.IdempotencyKey is null)
        {
            // Who is refused starts another one.
            await _watch.MarkStoppedAsync(record.Id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Waits until a task that was found can be read: the node that made it may be about to open it, or may have ended before it could.</summary>
    public async ValueTask WhenOpenAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.State == TaskState.Queued && await streams.Heads.GetAsync(task, cancellationToken) == 0)
            await OfferAsync(task);
    }

    /// <summary>Waits until a task has ended, wherever it runs.</summary>
    public Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken) => _watch.WhenEndedAsync(task, cancellationToken);

    /// <summary>Finds a task that is to be taken up here.</summary>
    /// <returns><see langword="null"/> when it has ended, is unknown, or is for another node.</returns>
    public async ValueTask<TaskRecord?> FindAsync(WorkItem item, CancellationToken cancellationToken) =>
        await tasks.FindAsync(item.Task, cancellationToken) is { IsEnded: false } record && !IsForOthers(record) && !await IsElsewhereAsync(record, item, cancellationToken)
            ? record
            : null;

    /// <summary>Whether a task takes its turn behind others of its conversation.</summary>
    public bool HasTurn(TaskRequest request) => request.SessionId is not null && agents.Find(request.Agent)?.Options.DoubleText is DoubleText.Enqueue;

    /// <summary>Waits until those that came before it have ended.</summary>
    public Task WhenEarlierEndedAsync(TaskRequest request, CancellationToken cancellationToken) => _watch.WhenEarlierEndedAsync(request, cancellationToken);

    /// <summary>Takes up a task.</summary>
    /// <returns>The run here; <see langword="null"/> when it has ended, or another node was faster.</returns>
    public async ValueTask<TaskRun?> TakeUpAsync(TaskRecord record) => runs.Find(record.Id) is { } running ? running
        : await takeover.TakeAsync(record, Task.CompletedTask) is { } run ? runs.Launch(run) : null;

    /// <summary>Whether there is nothing left to do for a task: it has ended, or there is none.</summary>
    public async ValueTask<bool> IsOverAsync(TaskId task) => await tasks.FindAsync(task, CancellationToken.None) is null or { IsEnded: true };

    /// <summary>Stops a task that does not run here, or no longer; on return it has ended.</summary>
    public async ValueTask StopAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (await _watch.MarkStoppedAsync(task, cancellationToken) is not { IsEnded: false } marked)
            return;

        if (marked.State == TaskState.Queued)
            await EndBeforeItBeginsAsync(marked);
        if (signals is not null)
            await signals.WantStopAsync(task);

        await _watch.WhenEndedAsync(task, cancellationToken);
    }

    /// <summary>Stops the runs here that somebody wants stopped, also where the word was lost.</summary>
    public async ValueTask HearStopsAsync(CancellationToken cancellationToken)
    {
        if (runs.All.Count == 0)
            return;

        foreach (var task in await tasks.ListAsync(new() { State = TaskState.Running, StopRequested = true, Limit = int.MaxValue }, cancellationToken))
            OnStopWanted(this, task.Id);
    }

    /// <summary>Ends the runs here whose task another node has taken over.</summary>
    public async ValueTask YieldAsync(CancellationToken cancellationToken)
    {
        foreach (var run in runs.All)
        {
            if ((await tasks.FindAsync(run.Record.Id, cancellationToken))?.Epoch != run.Record.Epoch)
                run.Interrupt(RunInterruption.TakenOver);
        }
    }

    /// <summary>Offers the tasks that were made before a time, have not ended, and that nobody was told of.</summary>
    public async ValueTask OfferMissingAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var queued = await tasks.ListAsync(new() { State = TaskState.Queued, Limit = int.MaxValue }, cancellationToken);
        var running = await tasks.ListAsync(new() { State = TaskState.Running, Limit = int.MaxValue }, cancellationToken);
        await work.OfferMissingAsync([.. queued.Concat(running).Where(task => task.Request.CreatedAt < before).Select(task => task.Id)], cancellationToken);
    }

    private async ValueTask OfferAsync(TaskRecord record)
    {
        await opener.AnnounceAsync(record);
        await work.OfferAsync(record.Id, CancellationToken.None);
    }

    /// <summary>Whether only others know its agent, for now: while agents are added or taken away, nodes differ.</summary>
    private bool IsForOthers(TaskRecord record) => record is { State: TaskState.Queued, StopRequested: false }
        && agents.Find(record.Request.Agent) is null && time.GetUtcNow() - record.Request.CreatedAt < OthersLeases * work.Lease;

    private async ValueTask<bool> IsElsewhereAsync(TaskRecord record, WorkItem item, CancellationToken cancellationToken) =>
        record.State == TaskState.Running && record.Node is { } node && node != work.Node && (!item.IsAbandoned || await work.IsAliveAsync(node, cancellationToken));

    private async Task EndBeforeItBeginsAsync(TaskRecord task)
    {
        try
        {
            await takeover.TakeAsync(task, Task.CompletedTask);
        }
        catch (Exception exception) when (exception is InvalidOperationException or PublishException { Failure: PublishFailure.StaleEpoch })
        {
            // Somebody else was faster, and brings it to its end.
        }
    }

    private void OnStopWanted(object? sender, TaskId task) => _ = runs.StopAsync(task, CancellationToken.None);
}
