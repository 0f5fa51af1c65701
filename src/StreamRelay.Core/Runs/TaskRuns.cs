using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The tasks that run in this process, each from its launch until its agent has left. Safe to use from any thread.</summary>
internal sealed partial class TaskRuns(int places, ILogger logger)
{
    private readonly ConcurrentDictionary<TaskId, TaskRun> _runs = new();
    private readonly RunSlots _slots = new(places);
    private volatile bool _stopping;

    /// <summary>Whether no runs are to begin any more.</summary>
    public bool IsStopping => _stopping;

    /// <summary>The runs there are now.</summary>
    public ICollection<TaskRun> All => _runs.Values;

    /// <summary>The run of a task, or <see langword="null"/>.</summary>
    public TaskRun? Find(TaskId task) => _runs.GetValueOrDefault(task);

    /// <summary>Lets a run begin as soon as there is a place for it; places are given out in the order of launching.</summary>
    public TaskRun Launch(TaskRun run)
    {
        _runs[run.Record.Id] = run;
        if (_stopping)
            run.Interrupt(RunInterruption.Shutdown);

        // The run is its own flow: nothing of the request that started it may follow it into the agent.
        using (ExecutionContext.SuppressFlow())
            _ = RunAsync(run);

        return run;
    }

    /// <summary>Ends with the runs that came before in the same conversation, where the agent takes one at a time.</summary>
    public Task WhenEarlierEnded(TaskRequest request, AgentDefinition? agent) =>
        agent?.Options.DoubleText is DoubleText.Enqueue && request.SessionId is not null
            ? Task.WhenAll(_runs.Values.Where(run => run.Record.Request.SessionId == request.SessionId && run.Record.Request.Owner == request.Owner).Select(run => run.Ended))
            : Task.CompletedTask;

    /// <summary>Stops a task's run if it is here, and waits for its end.</summary>
    public async Task StopAsync(TaskId task, CancellationToken cancellationToken)
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

    /// <summary>Interrupts all runs, for a shutdown, and waits until nothing of them is left to wait for.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        var runs = _runs.Values.ToArray();
        foreach (var run in runs)
            run.Interrupt(RunInterruption.Shutdown);

        await Task.WhenAll(runs.Select(run => run.Left)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Says that a task has not ended and that nothing here will end it.</summary>
    [LoggerMessage(2, LogLevel.Error, "Task {TaskId} could not be brought to an end; the next start does it")]
    public partial void TaskStuck(TaskId taskId, Exception exception);

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
}
