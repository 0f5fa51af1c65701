using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <summary>Runs agents: starts, queues and stops tasks, and writes each one's one terminal event. At start it brings every task that
/// a crash or shutdown left behind to an end; where nodes share a store, it takes up what they have to run together.</summary>
public sealed partial class AgentHost : IHostedService
{
    private readonly AgentRegistry _agents;
    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly ILogger _logger;
    private readonly IWorkQueue? _work;
    private readonly INodeSignals? _signals;
    private readonly TaskOpener _opener;
    private readonly TaskTakeover _takeover;
    private readonly TaskWatch _watch;
    private readonly RunSlots _slots;
    private readonly ConcurrentDictionary<TaskId, TaskRun> _runs = new();
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _opening = new();
    private volatile bool _stopping;

    /// <summary>Creates a host that has not started.</summary>
    public AgentHost(
        AgentRegistry agents, StreamManager streams, ITaskStore tasks, IFileStore files, IEventLog log, IOptions<StreamOptions> options, TimeProvider time,
        ILogger<AgentHost> logger, IEnumerable<ITaskObserver>? observers = null, IWorkQueue? work = null, INodeSignals? signals = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _agents = agents;
        _streams = streams;
        _tasks = tasks;
        _logger = logger;
        _work = work;
        _signals = signals;
        _opener = new(streams, tasks, files, log, observers ?? [], time, logger);
        _takeover = new(agents, streams, tasks, log, _opener, time, logger, work?.Node);
        _watch = new(streams, tasks, time);
        _slots = new(options.Value.MaxRunningTasks);
    }

    /// <summary>Whether the host takes no new tasks any more.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Accepts a task. On return its <c>start</c> event is durable and it can be read; its agent runs, or waits for a free place.</summary>
    /// <returns>The task's record, and whether it is new: with a known idempotency key it is the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">No such agent, or the host is stopping.</exception>
    public async ValueTask<(TaskRecord Task, bool IsNew)> StartTaskAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agent = _agents.Find(request.Agent)
            ?? throw new InvalidOperationException($"Agent '{request.Agent}' is not registered; call AddAgent<T>() in Program.cs.");
        if (_stopping)
            throw new InvalidOperationException("The server is shutting down and takes no new tasks.");

        // Before the record can be found: who finds it waits until it can be read.
        var opened = _opening[request.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var record = new TaskRecord { Request = request };
            if (await _tasks.AddAsync(record, input, cancellationToken) is { } existing)
                return (await WhenOpenAsync(existing, cancellationToken), false);

            if (_work is null)
                record = Launch(await _opener.OpenAsync(record, agent, input, LogSummary.Empty, EarlierRuns(request, agent))).Record;
            else
                await OfferAsync(_work, record);

            return (record, true);
        }
        finally
        {
            opened.SetResult();
            _opening.TryRemove(request.Id, out _);
        }
    }

    /// <summary>The task that the owner started with this idempotency key, as soon as it can be read, or <see langword="null"/>.</summary>
    public async ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        await _tasks.FindByKeyAsync(owner, idempotencyKey, cancellationToken) is { } task ? await WhenOpenAsync(task, cancellationToken) : null;

    /// <summary>Stops a task, wherever it runs: on return its terminal event is durable. Stopping one that has ended, or twice, changes nothing.</summary>
    /// <returns>The task as it is now, or <see langword="null"/> when there is none.</returns>
    public async ValueTask<TaskRecord?> StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(task, out var run))
            await StopHereAsync(run, cancellationToken);

        // What ran here may have been taken over by another node.
        if (_work is not null && !_stopping && await _watch.MarkStoppedAsync(task, cancellationToken) is { IsEnded: false } marked)
        {
            await StopElsewhereAsync(marked, cancellationToken);
        }

        return await _tasks.FindAsync(task, cancellationToken);
    }

    /// <summary>Waits until a task has ended; returns at once when it has, or is unknown.</summary>
    public async Task WaitAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task, out var opened))
            await opened.Task.WaitAsync(cancellationToken);
        if (_runs.TryGetValue(task, out var run))
            await run.Ended.WaitAsync(cancellationToken);
        if (_work is not null)
            await _watch.WhenEndedAsync(task, cancellationToken);
    }

    /// <summary>The task as it is, when all of it has been said: its record follows its terminal event, and a client may have seen that already.</summary>
    public async ValueTask<TaskRecord?> SettleAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.IsEnded || !await _streams.IsCompletedAsync(task, cancellationToken))
            return task;

        await WaitAsync(task.Id, cancellationToken);
        return await _tasks.FindAsync(task.Id, cancellationToken);
    }

    /// <summary>Resumes or ends every task that was running when the process last ended, and queues those that had not begun. Where nodes share a
    /// store, the others may be running them.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _signals?.StopWanted += OnStopWanted;
        if (_work is not null)
            return;

        await RecoverAsync(TaskState.Running, cancellationToken);
        await RecoverAsync(TaskState.Queued, cancellationToken);
    }

    /// <summary>Stops all runners without ending their tasks: what they said is durable, and the next start brings them to an end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _signals?.StopWanted -= OnStopWanted;
        var runs = _runs.Values.ToArray();
        foreach (var run in runs)
            run.Interrupt(RunInterruption.Shutdown);

        await Task.WhenAll(runs.Select(run => run.Left)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes up a task that the nodes run together.</summary>
    /// <returns>The run here; <see langword="null"/> when the task has ended, is unknown, or is another node's.</returns>
    internal async ValueTask<TaskRun?> TakeUpAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(item.Task, out var running))
            return running;
        if (await _tasks.FindAsync(item.Task, cancellationToken) is not { IsEnded: false } record || await IsElsewhereAsync(record, item, cancellationToken))
            return null;

        if (_agents.Find(record.Request.Agent)?.Options.DoubleText is DoubleText.Enqueue)
            await _watch.WhenEarlierEndedAsync(record.Request, cancellationToken);

        return await _takeover.TakeAsync(record, Task.CompletedTask) is { } run ? Launch(run) : null;
    }

    /// <summary>Whether there is nothing left to do for a task: it has ended, or there is none.</summary>
    internal async ValueTask<bool> IsOverAsync(TaskId task) =>
        await _tasks.FindAsync(task, CancellationToken.None) is null or { IsEnded: true };

    /// <summary>Stops the runs here that somebody wants stopped, also where the word was lost.</summary>
    internal async ValueTask HearStopsAsync(CancellationToken cancellationToken)
    {
        if (_runs.IsEmpty)
            return;

        foreach (var task in await _tasks.ListAsync(new() { State = TaskState.Running, StopRequested = true, Limit = int.MaxValue }, cancellationToken))
            OnStopWanted(this, task.Id);
    }

    /// <summary>Ends the runs here whose task another node has taken over.</summary>
    internal async ValueTask YieldAsync(CancellationToken cancellationToken)
    {
        foreach (var run in _runs.Values)
        {
            if ((await _tasks.FindAsync(run.Record.Id, cancellationToken))?.Epoch != run.Record.Epoch)
                run.Interrupt(RunInterruption.TakenOver);
        }
    }

    /// <summary>Offers the tasks that have not ended and that nobody was told of.</summary>
    internal async ValueTask OfferMissingAsync(IWorkQueue work, DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var state in new[] { TaskState.Queued, TaskState.Running })
        {
            var open = await _tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
            await work.OfferMissingAsync([.. open.Where(task => task.Request.CreatedAt < before).Select(task => task.Id)], cancellationToken);
        }
    }

    private async ValueTask<bool> IsElsewhereAsync(TaskRecord record, WorkItem item, CancellationToken cancellationToken) =>
        record.State == TaskState.Running && record.Node is { } node && node != _work!.Node && (!item.IsAbandoned || await _work.IsAliveAsync(node, cancellationToken));

    private async ValueTask OfferAsync(IWorkQueue work, TaskRecord record)
    {
        await _opener.AnnounceAsync(record);
        await work.OfferAsync(record.Id, CancellationToken.None);
    }

    private async ValueTask<TaskRecord> WhenOpenAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (_opening.TryGetValue(task.Id, out var opened))
            await opened.Task.WaitAsync(cancellationToken);

        // Another node may be about to open it, or may have ended before it could.
        else if (_work is not null && task.State == TaskState.Queued && await _streams.GetHeadAsync(task, cancellationToken) == 0)
            await OfferAsync(_work, task);

        return task;
    }

    private static async Task StopHereAsync(TaskRun run, CancellationToken cancellationToken)
    {
        try
        {
            await run.RequestStopAsync();
        }
        catch (StaleEpochException)
        {
            run.Interrupt(RunInterruption.TakenOver);
        }

        await run.Ended.WaitAsync(cancellationToken);
    }

    private async Task StopElsewhereAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.State == TaskState.Queued)
            await EndBeforeItBeginsAsync(task);
        if (_signals is not null)
            await _signals.WantStopAsync(task.Id);

        await _watch.WhenEndedAsync(task.Id, cancellationToken);
    }

    private async Task EndBeforeItBeginsAsync(TaskRecord task)
    {
        try
        {
            await _takeover.TakeAsync(task, Task.CompletedTask);
        }
        catch (Exception exception) when (exception is InvalidOperationException or PublishException { Failure: PublishFailure.StaleEpoch })
        {
            // Somebody else was faster, and brings it to its end.
        }
    }

    private void OnStopWanted(object? sender, TaskId task)
    {
        if (_runs.TryGetValue(task, out var run))
            _ = StopHereAsync(run, CancellationToken.None);
    }

    private async Task RecoverAsync(TaskState state, CancellationToken cancellationToken)
    {
        var left = await _tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
        foreach (var record in left.Reverse())
        {
            var after = _agents.Find(record.Request.Agent) is { } agent ? EarlierRuns(record.Request, agent) : Task.CompletedTask;
            try
            {
                if (await _takeover.TakeAsync(record, after) is { } run)
                    Launch(run);
            }
            catch (Exception exception)
            {
                // One that cannot be helped must not keep the others waiting.
                TaskStuck(record.Id, exception);
            }
        }
    }

    private Task EarlierRuns(TaskRequest request, AgentDefinition agent) =>
        agent.Options.DoubleText is DoubleText.Enqueue && request.SessionId is not null
            ? Task.WhenAll(_runs.Values.Where(run => run.Record.Request.SessionId == request.SessionId && run.Record.Request.Owner == request.Owner).Select(run => run.Ended))
            : Task.CompletedTask;

    private TaskRun Launch(TaskRun run)
    {
        _runs[run.Record.Id] = run;
        if (_stopping)
            run.Interrupt(RunInterruption.Shutdown);

        // The run is its own flow: nothing of the request that started it may follow it into the agent.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => RunAsync(run));

        return run;
    }

    private async Task RunAsync(TaskRun run)
    {
        try
        {
            await run.ExecuteAsync(_slots);
        }
        catch (Exception exception)
        {
            TaskStuck(run.Record.Id, exception);
        }
        finally
        {
            _runs.TryRemove(run.Record.Id, out _);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Task {TaskId} could not be brought to an end; the next start does it")]
    private partial void TaskStuck(TaskId taskId, Exception exception);
}
