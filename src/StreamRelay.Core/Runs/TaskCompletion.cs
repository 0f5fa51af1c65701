using Microsoft.Extensions.Logging;
using StreamRelay.Limits;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Completes tasks: usage, terminal event, record, in this order. Every task that ends in this process ends here.</summary>
internal sealed partial class TaskCompletion(TaskEnds ends, TokenQuota? tokens, ILogger logger)
{
    /// <summary>Appends the terminal event, unless the stream has one; before it the estimated usage, where none was reported. On return they are durable.</summary>
    /// <exception cref="PublishException">The store could not write, or another attempt owns the task.</exception>
    public async ValueTask AppendEndAsync(TaskStream stream, TaskInput input, TaskEnding ending)
    {
        try
        {
            if (stream.FindMissingUsage(input) is { } usage)
                await stream.PublishAsync(usage, CancellationToken.None);
        }
        catch (PublishException exception) when (exception.Failure is PublishFailure.Closed or PublishFailure.Full)
        {
            UsageNotAppended(stream.Id, exception);
        }

        await stream.CompleteAsync(ending.ToEvent());
    }

    /// <summary>Stores the end as the log contains it, with the messages about it: another terminal event may have been first.</summary>
    /// <param name="record">The record of the attempt that ended.</param>
    /// <param name="log">The log, with its terminal event.</param>
    /// <param name="result">What the agent returned beside its stream, as JSON, or <see langword="null"/>.</param>
    /// <returns>The record as it is stored, or <see langword="null"/> when another attempt owns the task or the task was deleted.</returns>
    public async ValueTask<TaskRecord?> StoreEndAsync(TaskRecord record, LogSummary log, string? result)
    {
        var ended = await StoreEndAsync(record, current => log.ApplyTo(current with { Result = result ?? current.Result }));
        if (ended is not null)
            tokens?.Add(ended);

        return ended;
    }

    /// <summary>Stores the failure of a task whose log is damaged, so that no terminal event can be appended.</summary>
    /// <param name="record">The record of the attempt that ended.</param>
    /// <param name="damage">The damage.</param>
    /// <param name="now">The time of the end.</param>
    /// <returns>The record as it is stored, or <see langword="null"/> when another attempt owns the task or the task was deleted.</returns>
    public ValueTask<TaskRecord?> StoreDamageAsync(TaskRecord record, LogDamagedException damage, DateTimeOffset now) => StoreEndAsync(record, current => current with
    {
        State = TaskState.Failed,
        EndedAt = now,
        LastOffset = damage.After,
        Error = new("log_damaged", damage.Message),
    });

    private async ValueTask<TaskRecord?> StoreEndAsync(TaskRecord record, Func<TaskRecord, TaskRecord> end)
    {
        var stored = await ends.StoreAsync(record, current => current.Epoch == record.Epoch ? end(current) : null, CancellationToken.None);
        if (stored?.Epoch != record.Epoch)
            return null;

        if (stored.Error is { } error)
            TaskFailed(stored.Request.Agent, stored.Id, error.Code);

        return stored;
    }

    [LoggerMessage(1, LogLevel.Warning, "The usage of task {TaskId} could not be appended")]
    private partial void UsageNotAppended(TaskId taskId, Exception exception);

    // Without the message, which may quote the prompt or what a program wrote; the task has it.
    [LoggerMessage(2, LogLevel.Warning, "Task {TaskId} of agent {Agent} failed: {Code}")]
    private partial void TaskFailed(string agent, TaskId taskId, string code);
}
