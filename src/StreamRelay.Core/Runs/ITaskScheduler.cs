using StreamRelay.Agents;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Decides where and when tasks run. Safe to use from any thread.</summary>
public interface ITaskScheduler
{
    /// <summary>Whether the scheduler accepts no more tasks.</summary>
    bool IsStopping { get; }

    /// <summary>Starts the scheduler; takes up the tasks that an earlier process left.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops all runs here without ending their tasks: their events are durable, and another node or the next start continues or ends them. Can be called twice.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Makes a stored task readable and has it run.</summary>
    /// <returns>The task as it is stored.</returns>
    /// <exception cref="IOException">The store could not write: the caller deletes the task, and nothing runs it.</exception>
    ValueTask<TaskRecord> ScheduleAsync(TaskRecord record, AgentDefinition agent, TaskInput input);

    /// <summary>Stops a task wherever it runs. On return it has ended; stopping an ended or unknown task has no effect.</summary>
    Task StopTaskAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>Finishes tasks that have not ended and that nothing runs: a failed write left them, or the process that ran them has ended.</summary>
    /// <returns><see langword="false"/> when some could not be finished; the reason is in the server's log.</returns>
    ValueTask<bool> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Waits until a task can be read that was stored, and that another node may not have announced.</summary>
    /// <returns><see langword="false"/> when its start was refused: no process will run it.</returns>
    ValueTask<bool> WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken);

    /// <summary>Waits until a task has ended, wherever it runs. Returns at once when it has ended or is unknown.</summary>
    Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken);
}
