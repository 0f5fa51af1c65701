using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>Stores the ends of tasks, each in one transaction with the messages about it. Safe to use from any thread.</summary>
/// <param name="tasks">The records.</param>
/// <param name="outbox">The messages that wait; <see langword="null"/> where none are kept.</param>
/// <param name="source">Creates the messages.</param>
/// <param name="handler">Called before each end is stored.</param>
public sealed class TaskEnds(ITaskStore tasks, IOutbox? outbox = null, IOutboxSource? source = null, ITaskEndHandler? handler = null)
{
    /// <summary>Stores the end of a task. When another writer was first, it is applied to the record that the other writer stored.</summary>
    /// <param name="known">The record as the caller knows it; it may be out of date.</param>
    /// <param name="end">Returns the ended record, or <see langword="null"/> to leave the record as it is. Called once per attempt.</param>
    /// <param name="cancellationToken">Cancels the update; the end may have been stored then.</param>
    /// <returns>The record as it is stored, or <see langword="null"/> when the task was deleted.</returns>
    public async ValueTask<TaskRecord?> StoreAsync(TaskRecord known, Func<TaskRecord, TaskRecord?> end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(end);
        for (var current = known; current is not null; current = await tasks.FindAsync(known.Id, cancellationToken))
        {
            if (end(current) is not { } ended)
                return current;
            if (await TryStoreAsync(ended, cancellationToken))
                return ended with { Version = ended.Version + 1 };
        }

        return null;
    }

    private async ValueTask<bool> TryStoreAsync(TaskRecord ended, CancellationToken cancellationToken)
    {
        if (handler is not null)
            await handler.OnEndingAsync(ended, cancellationToken);

        var messages = source is null ? [] : await source.CreateMessagesAsync(ended, cancellationToken);
        if (outbox is null || messages.Count == 0)
            return await tasks.TryUpdateAsync(ended, cancellationToken);
        if (!await outbox.TryEndAsync(ended, messages, cancellationToken))
            return false;

        source?.OnStored(messages);
        return true;
    }
}
