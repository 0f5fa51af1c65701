using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <summary>The runs here as a part of what several nodes run together: tasks are offered to all, taken up by one, and stopped on whichever has them.</summary>
internal sealed class FleetRuns(
    TaskRuns runs, AgentRegistry agents, StreamManager streams, ITaskStore tasks, TaskOpener opener, TaskTakeover takeover, TimeProvider time,
    IWorkQueue work, INodeSignals? signals)
{
    private readonly TaskWatch _watch = new(streams, tasks, time);

    /// <summary>Begins to hear what the other nodes want stopped.</summary>
    public void Start() => signals?.StopWanted += OnStopWanted;

    /// <summary>Hears it no longer.</summary>
    public void Stop() => signals?.StopWanted -= OnStopWanted;

    /// <summary>Makes a task readable on every node, and offers it to whoever has room.</summary>
    public async ValueTask OfferAsync(TaskRecord record)
    {
        await opener.AnnounceAsync(record);
        await work.OfferAsync(record.Id, CancellationToken.None);
    }

    /// <summary>Waits until a task that was found can be read: the node that made it may be about to open it, or may have ended before it could.</summary>
    public async ValueTask WhenOpenAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.State == TaskState.Queued && await streams.Heads.GetAsync(task, cancellationToken) == 0)
            await OfferAsync(task);
    }

    /// <summary>Waits until a task has ended, wherever it runs.</summary>
    public Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken) => _watch.WhenEndedAsync(task, cancellationToken);

    /// <summary>Takes up a task.</summary>
    /// <returns>The run here; <see langword="null"/> when the task has ended, is unknown, or is another node's.</returns>
    public async ValueTask<TaskRun?> TakeUpAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (runs.Find(item.Task) is { } running)
            return running;
        if (await tasks.FindAsync(item.Task, cancellationToken) is not { IsEnded: false } record || await IsElsewhereAsync(record, item, cancellationToken))
            return null;

        if (agents.Find(record.Request.Agent)?.Options.DoubleText is DoubleText.Enqueue)
            await _watch.WhenEarlierEndedAsync(record.Request, cancellationToken);

        return await takeover.TakeAsync(record, Task.CompletedTask) is { } run ? runs.Launch(run) : null;
    }

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
        foreach (var state in new[] { TaskState.Queued, TaskState.Running })
        {
            var open = await tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
            await work.OfferMissingAsync([.. open.Where(task => task.Request.CreatedAt < before).Select(task => task.Id)], cancellationToken);
        }
    }

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
