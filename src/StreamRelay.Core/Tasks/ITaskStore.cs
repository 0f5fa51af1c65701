namespace StreamRelay.Tasks;

/// <summary>Stores task records and their input. Safe to use from any thread.</summary>
public interface ITaskStore
{
    /// <summary>Stores a new task, unless its owner already has one with the same idempotency key.</summary>
    /// <returns><see langword="null"/> when it was added, else the task that has the key.</returns>
    /// <exception cref="InvalidOperationException">The id is in use.</exception>
    ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken);

    /// <summary>The task, or <see langword="null"/> when there is none.</summary>
    ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>The task that the owner started with this idempotency key, or <see langword="null"/>.</summary>
    ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>The input of the task, or <see langword="null"/> when there is no such task.</summary>
    ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Stores <paramref name="record"/> if its version is still the stored one; the stored version is then one higher. Call it through <see cref="TaskUpdates"/>.</summary>
    /// <returns><see langword="false"/> when another writer was first, or the task was deleted.</returns>
    ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken);

    /// <summary>The tasks that match, newest first.</summary>
    ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>Deletes the task. It cannot be found afterwards, also after a restart.</summary>
    /// <returns><see langword="false"/> when there was none.</returns>
    ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken);
}
