using StreamRelay.Agents;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Runs all tasks in this process. At its start it resumes or ends the tasks that the last process left.</summary>
public sealed class LocalScheduler(TaskRuns runs, ITaskStore tasks) : ITaskScheduler
{
    /// <inheritdoc/>
    public bool IsStopping => runs.IsStopping;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(TaskState.Running, cancellationToken);
        await RecoverAsync(TaskState.Queued, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => runs.ShutDownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TaskRecord> ScheduleAsync(TaskRecord record, AgentDefinition agent, TaskInput input) =>
        (await runs.StartAsync(record, agent, input)).Record;

    /// <inheritdoc/>
    public Task StopTaskAsync(TaskId task, CancellationToken cancellationToken) => runs.StopAsync(task, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken) =>
        runs.Find(task) is { } run ? run.Ended.WaitAsync(cancellationToken) : Task.CompletedTask;

    private async Task RecoverAsync(TaskState state, CancellationToken cancellationToken)
    {
        var stored = await tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
        foreach (var record in stored.Reverse())
        {
            try
            {
                await runs.RecoverAsync(record, node: null, runs.WhenEarlierEnded(record.Request));
            }
            catch (Exception exception)
            {
                // A task that cannot be recovered must not keep the others from running.
                runs.TaskStuck(record.Id, exception);
            }
        }
    }
}
