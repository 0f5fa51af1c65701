namespace StreamRelay.Storage;

/// <summary>Task records in memory, for tests: nothing survives the process.</summary>
public sealed class MemoryTaskStore : ITaskStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, (TaskRecord Record, TaskInput Input)> _tasks = [];

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_lock)
        {
            if (record.Request.IdempotencyKey is { } key && FindByKey(record.Request.Owner, key) is { } existing)
                return new(existing);
            if (!_tasks.TryAdd(record.Id, (record, input)))
                throw new InvalidOperationException($"Task {record.Id} exists already.");

            return new((TaskRecord?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(_tasks.TryGetValue(id, out var task) ? task.Record : null);
    }

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(FindByKey(owner, idempotencyKey));
    }

    /// <inheritdoc/>
    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(_tasks.TryGetValue(id, out var task) ? task.Input : null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_lock)
        {
            if (!_tasks.TryGetValue(record.Id, out var task) || task.Record.Version != record.Version)
                return new(false);

            _tasks[record.Id] = (record with { Version = record.Version + 1 }, task.Input);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
            return new([.. query.Filter(_tasks.Values.Select(task => task.Record))]);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(_tasks.Remove(id));
    }

    private TaskRecord? FindByKey(string owner, string key) =>
        _tasks.Values.Select(task => task.Record).FirstOrDefault(record => record.Request.Owner == owner && record.Request.IdempotencyKey == key);
}
