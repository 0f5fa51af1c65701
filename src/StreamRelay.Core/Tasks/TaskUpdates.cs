namespace StreamRelay.Tasks;

/// <summary>Changes stored task records. Every change of a record goes through these methods.</summary>
public static class TaskUpdates
{
    /// <summary>Stores <paramref name="change"/> of a record. When another writer was first, the change is applied to the record that the other writer stored.</summary>
    /// <param name="tasks">The store.</param>
    /// <param name="known">The record as the caller knows it; it may be out of date.</param>
    /// <param name="change">Returns the changed record, or <see langword="null"/> to leave the record as it is. Called once per attempt.</param>
    /// <param name="cancellationToken">Cancels the update; the change may have been stored then.</param>
    /// <returns>The record as it is stored, or <see langword="null"/> when the task was deleted.</returns>
    public static async ValueTask<TaskRecord?> UpdateAsync(
        this ITaskStore tasks, TaskRecord known, Func<TaskRecord, TaskRecord?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(change);
        for (var current = known; current is not null; current = await tasks.FindAsync(known.Id, cancellationToken))
        {
            if (change(current) is not { } changed)
                return current;
            if (await tasks.TryStoreAsync(changed, cancellationToken) is { } stored)
                return stored;
        }

        return null;
    }

    /// <summary>Stores <paramref name="changed"/> if its version is still the stored one.</summary>
    /// <returns>The record as it is stored, or <see langword="null"/> when another writer was first or the task was deleted.</returns>
    public static async ValueTask<TaskRecord?> TryStoreAsync(this ITaskStore tasks, TaskRecord changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(changed);
        return await tasks.TryUpdateAsync(changed, cancellationToken) ? changed with { Version = changed.Version + 1 } : null;
    }
}
