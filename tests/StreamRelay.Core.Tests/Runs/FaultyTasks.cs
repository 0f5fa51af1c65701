using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>A task store in memory whose writes fail as <see cref="StoreFaults"/> says.</summary>
internal sealed class FaultyTasks(StoreFaults faults) : ITaskStore
{
    /// <summary>The store without its faults.</summary>
    public MemoryTaskStore Whole { get; } = new();

    public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken) =>
        faults.WriteAsync(StoreWrite.AddRecord, () => Whole.AddAsync(record, input, cancellationToken));

    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) => Whole.FindAsync(id, cancellationToken);

    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        Whole.FindByKeyAsync(owner, idempotencyKey, cancellationToken);

    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) => Whole.GetInputAsync(id, cancellationToken);

    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken) =>
        faults.WriteAsync(record.IsEnded ? StoreWrite.UpdateEnded : StoreWrite.UpdateRunning, () => Whole.TryUpdateAsync(record, cancellationToken));

    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken) => Whole.ListAsync(query, cancellationToken);

    public ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken) =>
        faults.WriteAsync(StoreWrite.DeleteRecord, () => Whole.DeleteAsync(id, cancellationToken));
}
