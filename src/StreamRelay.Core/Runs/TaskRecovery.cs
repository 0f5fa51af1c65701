using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Takes up tasks that nobody runs: those that wait, and those whose process or node is gone. Where other nodes do so too
/// (this one is <paramref name="node"/> then), nothing begins before the record says that it is this node's.</summary>
internal sealed partial class TaskRecovery(
    AgentRegistry agents, StreamManager streams, ITaskStore tasks, IEventLog log, StreamOpener opener, TimeProvider time, ILogger logger, string? node)
{
    /// <summary>Opens the task for its agent, where it may run; else brings it to its end.</summary>
    /// <returns>The run; <see langword="null"/> when the task has ended, or is another node's.</returns>
    /// <exception cref="StaleEpochException">Another node was faster.</exception>
    public async ValueTask<TaskRun?> TakeAsync(TaskRecord record, Task after)
    {
        var summary = await LogSummary.ReadAsync(log, record.Id, CancellationToken.None);
        var input = await tasks.GetInputAsync(record.Id, CancellationToken.None) ?? new(default);
        var agent = agents.Find(record.Request.Agent);
        if (summary.Terminal is not null)
        {
            await RecordAsync(summary.ApplyTo(record));
            return null;
        }

        var mayRun = agent is not null && !record.StopRequested && (record.State == TaskState.Queued || MayResume(record, agent));
        if (await ClaimAsync(record, mayRun) is not { } mine)
            return null;
        if (mayRun)
            return await opener.OpenAsync(mine, agent!, input, summary, after);

        await EndAsync(mine, summary, input, agent);
        return null;
    }

    private static bool MayResume(TaskRecord record, AgentDefinition agent) =>
        agent.Options.OnRestart is OnRestart.Resume && record.Epoch < agent.Options.MaxAttempts;

    private async ValueTask<TaskRecord?> ClaimAsync(TaskRecord record, bool mayRun)
    {
        if (mayRun && record.State == TaskState.Queued && node is null)
            return record;

        var claimed = mayRun && record.State == TaskState.Queued
            ? record with { State = TaskState.Running, StartedAt = time.GetUtcNow(), Node = node }
            : record with { Epoch = record.Epoch + 1, Node = node };
        if (!await tasks.TryUpdateAsync(claimed, CancellationToken.None))
            return null;

        if (mayRun && claimed.Epoch > record.Epoch)
            TaskResumed(claimed.Id, claimed.Epoch);

        return claimed with { Version = claimed.Version + 1 };
    }

    private async Task EndAsync(TaskRecord record, LogSummary before, TaskInput input, AgentDefinition? agent)
    {
        var stream = await opener.BeginAsync(record, before, agent?.IsExternal is true);
        try
        {
            if (stream.NeedsUsage)
                await stream.PublishAsync(AgentEvents.Usage(TaskUsage.Estimate(input.Content.Length, stream.TextBytes)), CancellationToken.None);

            var why = agent is null ? $"There is no agent '{record.Request.Agent}' any more." : "The server ended while the task was running.";
            var ending = record.StopRequested ? TaskEnding.Stopped : TaskEnding.Failed("interrupted", why);
            await stream.CompleteAsync(ending.ToEvent());
        }
        finally
        {
            streams.Release(stream);
        }

        await RecordAsync(stream.Summarize().ApplyTo(record));
    }

    private async ValueTask RecordAsync(TaskRecord ended)
    {
        await opener.EndingAsync(ended);
        await tasks.TryUpdateAsync(ended, CancellationToken.None);
        TaskRecovered(ended.Id, ended.State);
    }

    [LoggerMessage(1, LogLevel.Warning, "Task {TaskId} was left behind and has ended: {State}")]
    private partial void TaskRecovered(TaskId taskId, TaskState state);

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId} was left behind and runs again (attempt {Attempt})")]
    private partial void TaskResumed(TaskId taskId, long attempt);
}
