using System.Collections.Concurrent;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Memory;

/// <summary>Keeps task records and inputs in memory, for tests.</summary>
public sealed class MemoryTaskStore : ITaskStore
{
    private readonly TaskIndex _index = new();
    private readonly ConcurrentDictionary<TaskId, TaskInput> _inputs = [];

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var holder = _index.Add(record);
        if (holder is null)
            _inputs[record.Id] = input;
        return new(holder);
    }

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) => new(_index.Find(id));

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        new(_index.FindByKey(owner, idempotencyKey));

    /// <inheritdoc/>
    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) => new(_inputs.GetValueOrDefault(id));

    /// <inheritdoc/>
    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(_index.Replace(record with { Version = record.Version + 1 }, record.Version));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(_index.List(query));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken)
    {
        _inputs.TryRemove(id, out _);
        return new(_index.Remove(id));
    }
}
