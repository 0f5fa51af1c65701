using StreamRelay.Storage.Database;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Stores tasks as rows of the database. A change is durable before it is visible.</summary>
internal sealed class EmbeddedTaskStore(StoreDatabase database, TaskRows rows, DeletedTasks deleted) : ITaskStore
{
    public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(input);
        cancellationToken.ThrowIfCancellationRequested();
        return new(database.WriteAsync(session => rows.Add(session, record, input), holder =>
        {
            if (holder is null)
                rows.Recent.Set(record);
        }));
    }

    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) =>
        new(rows.Recent.Find(id) ?? database.Read(session => rows.Find(session, id)));

    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        new(database.Read(session => rows.FindByKey(session, owner, idempotencyKey)));

    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) =>
        new(database.Read(session => TaskRows.FindInput(session, id)));

    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken) => TryUpdateAsync(record, static _ => { }, cancellationToken);

    /// <summary>Stores a changed record, and makes another change in the same transaction.</summary>
    public ValueTask<bool> TryUpdateAsync(TaskRecord record, Action<DatabaseSession> also, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        var next = record with { Version = record.Version + 1 };
        return new(database.WriteAsync(session => TryReplace(session, next, also), isReplaced =>
        {
            if (isReplaced)
                rows.Recent.Set(next);
        }));
    }

    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(database.Read(session => rows.List(session, query)));
    }

    public async ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!await database.WriteAsync(session => TaskRows.Delete(session, id), _ => rows.Recent.Remove(id)))
            return false;

        await deleted.RemoveAsync(id);
        return true;
    }

    private static bool TryReplace(DatabaseSession session, TaskRecord next, Action<DatabaseSession> also)
    {
        if (!TaskRows.Replace(session, next, next.Version - 1))
            return false;

        also(session);
        return true;
    }
}
