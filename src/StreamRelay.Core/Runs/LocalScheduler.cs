using StreamRelay.Agents;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Runs all tasks in this process. At its start it resumes or ends the tasks that the last process left.</summary>
public sealed class LocalScheduler(TaskRuns runs, ITaskStore tasks) : ITaskScheduler
{
    /// <inheritdoc/>
    public bool IsStopping => runs.IsStopping;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) => await SweepAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => runs.ShutDownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TaskRecord> ScheduleAsync(TaskRecord record, AgentDefinition agent, TaskInput input) =>
        (await runs.StartAsync(record, agent, input)).Record;

    /// <inheritdoc/>
    public async Task StopTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        await runs.StopAsync(task, cancellationToken);
        if (IsStopping || await tasks.FindAsync(task, cancellationToken) is not { IsEnded: false } left)
            return;

        // A failed write has left the task without a run: the recovery ends it.
        await tasks.UpdateAsync(left, current => current.IsEnded || current.StopRequested ? null : current with { StopRequested = true }, cancellationToken);
        await runs.RecoverLeftAsync(task, node: null);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await runs.Starts.DeleteRefusedAsync();
        return await SweepAsync(TaskState.Running, cancellationToken) & await SweepAsync(TaskState.Queued, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WhenReadableAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.State != TaskState.Queued || runs.Find(task.Id) is not null || await runs.IsAnnouncedAsync(task.Id, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WhenEndedAsync(TaskId task, CancellationToken cancellationToken) =>
        runs.Find(task) is { } run ? run.Ended.WaitAsync(cancellationToken) : Task.CompletedTask;

    private async ValueTask<bool> SweepAsync(TaskState state, CancellationToken cancellationToken)
    {
        var listed = await tasks.ListAsync(new() { State = state, Limit = int.MaxValue }, cancellationToken);
        return await runs.RecoverLeftAsync(listed.Reverse(), node: null, cancellationToken);
    }
}
