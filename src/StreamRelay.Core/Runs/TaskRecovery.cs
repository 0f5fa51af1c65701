using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Prepares stored tasks that no process runs: tasks that wait, and tasks whose process or node has ended.</summary>
internal sealed partial class TaskRecovery(AgentRegistry agents, TaskStarts starts, RunServices services)
{
    private readonly ILogger _logger = services.Logger;
    private readonly RunStores _stores = services.Stores;

    /// <summary>Opens the task for its agent, or ends the task when its agent may not run it any more.</summary>
    /// <param name="record">The task as it is stored.</param>
    /// <param name="node">The node that claims the task before it runs; <see langword="null"/> where no other process can claim it.</param>
    /// <param name="startAfter">Completes when the run may start.</param>
    /// <returns>The run, not launched; <see langword="null"/> when the task has ended, or another node claimed it.</returns>
    /// <exception cref="StaleEpochException">Another node claimed the task in the meantime.</exception>
    public async ValueTask<TaskRun?> RecoverAsync(TaskRecord record, string? node, Task startAfter)
    {
        try
        {
            return await RecoverAsync(record, await LogSummary.ReadAsync(_stores.Log, record.Id, CancellationToken.None), node, startAfter);
        }
        catch (LogDamagedException damage)
        {
            if (await services.Completion.StoreDamageAsync(record, damage, _stores.Time.GetUtcNow()) is { } ended)
                TaskRecovered(ended.Id, ended.State);
            return null;
        }
    }

    private async ValueTask<TaskRun?> RecoverAsync(TaskRecord record, LogSummary summary, string? node, Task startAfter)
    {
        var input = await _stores.Tasks.GetInputAsync(record.Id, CancellationToken.None) ?? new(default);
        var agent = agents.Find(record.Request.Agent);
        if (summary.Terminal is not null)
        {
            await StoreEndAsync(record, summary);
            return null;
        }

        // A start is acknowledged after its start event is durable. Another node may be about to write that event.
        if (node is null && record.State == TaskState.Queued && summary.LastOffset == 0)
        {
            await starts.DeleteAsync(record.Id);
            StartUndone(record.Id);
            return null;
        }

        var mayRun = agent is not null && !record.StopRequested && (record.State == TaskState.Queued || MayResume(record, agent));
        if (await ClaimAsync(record, node, mayRun) is not { } claimed)
            return null;
        if (mayRun)
            return new(claimed, agent!, input, await services.Opener.OpenAsync(claimed, summary, agents.IsExternal(claimed.Request)), services, startAfter);

        await EndAsync(claimed, summary, input, agent);
        return null;
    }

    private static bool MayResume(TaskRecord record, AgentDefinition agent) =>
        agent.Options.OnRestart is OnRestart.Resume && record.Epoch < agent.Options.MaxAttempts;

    private async ValueTask<TaskRecord?> ClaimAsync(TaskRecord record, string? node, bool mayRun)
    {
        var isFirstRun = mayRun && record.State == TaskState.Queued;
        if (isFirstRun && node is null)
            return record;

        var claim = isFirstRun
            ? record with { State = TaskState.Running, StartedAt = _stores.Time.GetUtcNow(), Node = node }
            : record with { Epoch = record.Epoch + 1, Node = node };
        var claimed = await _stores.Tasks.TryStoreAsync(claim, CancellationToken.None);
        if (claimed is not null && mayRun && !isFirstRun)
            TaskResumed(claimed.Id, claimed.Epoch);

        return claimed;
    }

    private async Task EndAsync(TaskRecord record, LogSummary before, TaskInput input, AgentDefinition? agent)
    {
        var stream = await services.Opener.OpenAsync(record, before, agents.IsExternal(record.Request));
        try
        {
            var reason = agent is null ? $"There is no agent '{record.Request.Agent}' any more." : "The server ended while the task was running.";
            await services.Completion.AppendEndAsync(stream, input, record.StopRequested ? TaskEnding.Stopped : TaskEnding.Failed("interrupted", reason));
        }
        finally
        {
            _stores.Streams.Release(stream);
        }

        await StoreEndAsync(record, stream.Summarize());
    }

    private async ValueTask StoreEndAsync(TaskRecord record, LogSummary log)
    {
        if (await services.Completion.StoreEndAsync(record, log, result: null) is { } ended)
            TaskRecovered(ended.Id, ended.State);
    }

    [LoggerMessage(1, LogLevel.Warning, "Task {TaskId} was left behind and has ended: {State}")]
    private partial void TaskRecovered(TaskId taskId, TaskState state);

    [LoggerMessage(2, LogLevel.Warning, "The start of task {TaskId} was not acknowledged to its client; the task was deleted")]
    private partial void StartUndone(TaskId taskId);

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId} was left behind and runs again (attempt {Attempt})")]
    private partial void TaskResumed(TaskId taskId, long attempt);
}
