using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The runs of this process: opens, launches, finds and stops them. A run is listed from its launch until it has ended. Safe to use from any thread.</summary>
public sealed partial class TaskRuns
{
    private readonly ConcurrentDictionary<TaskId, TaskRun> _runs = new();
    private readonly ConcurrentDictionary<TaskId, bool> _recovering = new();
    private readonly ConcurrentDictionary<TaskId, bool> _stuck = new();
    private readonly ILogger _logger;
    private readonly RunServices _services;
    private readonly TaskRecovery _recovery;
    private volatile bool _stopping;

    /// <summary>Creates a list without runs.</summary>
    public TaskRuns(
        AgentRegistry agents, RunStores stores, TaskEnds ends, IOptions<StreamOptions> options, ILogger<TaskRuns> logger, RunQuotas? quotas = null)
    {
        ArgumentNullException.ThrowIfNull(stores);
        ArgumentNullException.ThrowIfNull(options);
        _logger = logger;
        Quotas = quotas ?? new();
        _services = new(stores, new(stores.Streams, stores.Log), new(ends, Quotas.Tokens, logger), new(stores.Time, options.Value.StoreOutage), Quotas.Files, logger);
        Starts = new(stores, Sweep, logger);
        _recovery = new(agents, Starts, _services);
        Limits = new(options.Value, agents);
        Slots = new(Limits);
        Open = new(Limits, Slots, Quotas, stores.Time);
        Agents = agents;
        Capacity = options.Value.MaxRunningTasks;
    }

    /// <summary>Raised when a task runs here whose earlier process or node has ended: its readers have left with that process.</summary>
    internal event Action<TaskRequest>? Recovered;

    /// <summary>The agents that can run here.</summary>
    internal AgentRegistry Agents { get; }

    /// <summary>How many tasks run at once at the most.</summary>
    internal int Capacity { get; }

    /// <summary>How many tasks run and wait at the most.</summary>
    internal RunLimits Limits { get; }

    /// <summary>What limits tasks beside the slots.</summary>
    internal RunQuotas Quotas { get; }

    /// <summary>The slots of running tasks.</summary>
    internal RunSlots Slots { get; }

    /// <summary>The memory that the runs share.</summary>
    internal MemoryBudget Memory => _services.Stores.Streams.Memory;

    /// <summary>The starts of this process.</summary>
    internal TaskStarts Starts { get; }

    /// <summary>Requests a sweep, because a task has not ended and nothing runs it.</summary>
    internal SweepSignal Sweep { get; } = new();

    /// <summary>Whether no more runs are started.</summary>
    internal bool IsStopping => _stopping;

    /// <summary>All runs now.</summary>
    internal ICollection<TaskRun> All => _runs.Values;

    /// <summary>The run of a task, or <see langword="null"/>.</summary>
    internal TaskRun? Find(TaskId task) => _runs.GetValueOrDefault(task);

    /// <summary>The tasks that run or wait here, and as far as is known elsewhere.</summary>
    internal OpenTasks Open { get; }

    /// <summary>Makes a task readable, for any process that will run it.</summary>
    internal ValueTask AnnounceAsync(TaskRecord record) => _services.Opener.AnnounceAsync(record);

    /// <summary>Whether the log of a task has a first entry.</summary>
    internal ValueTask<bool> IsAnnouncedAsync(TaskId task, CancellationToken cancellationToken) => _services.Opener.IsAnnouncedAsync(task, cancellationToken);

    /// <summary>Makes a new task readable and launches its run.</summary>
    internal async ValueTask<TaskRun> StartAsync(TaskRecord record, AgentDefinition agent, TaskInput input)
    {
        var startAfter = WhenEarlierEnded(record.Request);
        return Launch(new(record, agent, input, await _services.Opener.OpenAsync(record, LogSummary.Empty, record.Request.IsExternal), _services, startAfter));
    }

    /// <summary>Launches a run of a stored task, or ends the task when its agent may not run it any more.</summary>
    /// <param name="record">The task as it is stored.</param>
    /// <param name="node">The node that claims the task; <see langword="null"/> where no other process can.</param>
    /// <param name="startAfter">Completes when the run may start.</param>
    /// <returns>The run; <see langword="null"/> when the task has ended, another node claimed it, or it is being recovered.</returns>
    internal async ValueTask<TaskRun?> RecoverAsync(TaskRecord record, string? node, Task startAfter)
    {
        if (!_recovering.TryAdd(record.Id, true))
            return null;

        try
        {
            if (await _recovery.RecoverAsync(record, node, startAfter) is not { } run)
                return null;

            Launch(run);
            if (node is null || run.Record.Epoch > 1)
                Recovered?.Invoke(run.Record.Request);

            return run;
        }
        finally
        {
            _recovering.TryRemove(record.Id, out _);
        }
    }

    /// <summary>Recovers tasks that have not ended and that nothing runs here.</summary>
    /// <param name="listed">Tasks as they were stored a moment ago, the oldest first.</param>
    /// <param name="node">The node that claims the tasks; <see langword="null"/> where no other process can.</param>
    /// <param name="cancellationToken">Stops between two tasks.</param>
    /// <returns>Whether none of them is left. One that cannot be recovered does not keep the others from running.</returns>
    internal async ValueTask<bool> RecoverLeftAsync(IEnumerable<TaskRecord> listed, string? node, CancellationToken cancellationToken)
    {
        var isDone = true;
        foreach (var record in listed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await RecoverLeftAsync(record.Id, node);
            }
            catch (Exception exception)
            {
                TaskLeft(record.Id, exception);
                isDone = false;
            }
        }

        return isDone;
    }

    /// <summary>Recovers a task, unless it has ended, or runs or is being started here.</summary>
    internal async ValueTask RecoverLeftAsync(TaskId task, string? node)
    {
        // In this order: a task whose start has ended is listed as a run until its record has ended.
        if (_stopping || Starts.Find(task) is not null || Starts.IsRefused(task) || Find(task) is not null)
            return;
        if (await _services.Stores.Tasks.FindAsync(task, CancellationToken.None) is { IsEnded: false } record)
            await RecoverAsync(record, node, WhenEarlierEnded(record.Request));

        _stuck.TryRemove(task, out _);
    }

    /// <summary>Completes when the earlier runs of the same conversation have ended, where the agent runs one task of a conversation at a time.</summary>
    internal Task WhenEarlierEnded(TaskRequest request) =>
        Agents.Find(request.Agent)?.Options.DoubleText is DoubleText.Enqueue && request.SessionId is not null
            ? Task.WhenAll(_runs.Values.Where(run => run.Record.Request.SessionId == request.SessionId && run.Record.Request.Owner == request.Owner).Select(run => run.Ended))
            : Task.CompletedTask;

    /// <summary>Stops the run of a task, if there is one here, and waits until it has ended.</summary>
    internal async Task StopAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (Find(task) is not { } run)
            return;

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

    /// <summary>Interrupts all runs without ending their tasks, and waits until they write nothing any more.</summary>
    internal async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var runs = _runs.Values.ToArray();

        // Those that wait first: a slot that another run frees must not start one of them, or the next start would take its task for one that ran.
        foreach (var run in runs.OrderByDescending(run => run.IsWaiting))
            run.Interrupt(RunInterruption.Shutdown);

        await Task.WhenAll(runs.Select(run => run.Ended)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TaskRun Launch(TaskRun run)
    {
        _runs[run.Record.Id] = run;
        Open.Add(run.Record.Request);
        if (_stopping)
            run.Interrupt(RunInterruption.Shutdown);

        // Ambient values of the request that started the task must not flow into the agent.
        using (ExecutionContext.SuppressFlow())
            _ = RunAsync(run);

        return run;
    }

    private async Task RunAsync(TaskRun run)
    {
        try
        {
            await run.ExecuteAsync(Slots);
        }
        catch (Exception exception)
        {
            TaskLeft(run.Record.Id, exception);
        }
        finally
        {
            _runs.TryRemove(run.Record.Id, out _);
            Open.Remove(run.Record.Request);
        }
    }

    /// <summary>Requests a sweep for a task that has not ended. Its first failure is logged.</summary>
    private void TaskLeft(TaskId task, Exception exception)
    {
        if (_stuck.TryAdd(task, true))
            TaskStuck(task, exception);

        Sweep.Request();
    }

    [LoggerMessage(2, LogLevel.Error, "Task {TaskId} could not be brought to an end; trying again")]
    private partial void TaskStuck(TaskId taskId, Exception exception);
}
