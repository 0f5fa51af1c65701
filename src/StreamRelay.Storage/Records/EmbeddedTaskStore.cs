using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Keeps task records in memory and on disk, and task inputs on disk only. A change is on disk before it is visible.</summary>
internal sealed partial class EmbeddedTaskStore : ITaskStore
{
    private const int Stripes = 64;

    private readonly TaskIndex _index = new();
    private readonly TaskFolder _folders;
    private readonly EventJournal _journal;
    private readonly ILogger<EmbeddedTaskStore> _logger;
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    private EmbeddedTaskStore(TaskFolder folders, EventJournal journal, ILogger<EmbeddedTaskStore> logger)
    {
        _folders = folders;
        _journal = journal;
        _logger = logger;
    }

    public static EmbeddedTaskStore Open(
        IStorageDisk disk, StorageLayout layout, bool sync, EventJournal journal, ILogger<EmbeddedTaskStore> logger)
    {
        var store = new EmbeddedTaskStore(new(disk, layout, sync), journal, logger);
        try
        {
            Parallel.ForEach(disk.Folders(layout.Tasks), store.Load);
        }
        catch (AggregateException exception) when (exception.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException);
        }

        return store;
    }

    public ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(input);
        cancellationToken.ThrowIfCancellationRequested();
        var request = record.Request;
        if (request.IdempotencyKey is not { } key)
            return new(Add(record, input));

        // Calls with the same key run one after the other, so that the second one never returns a task whose storing failed.
        lock (Stripe((request.Owner, key).GetHashCode()))
            return new(_index.FindByKey(request.Owner, key) ?? Add(record, input));
    }

    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) => new(_index.Find(id));

    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken) =>
        new(_index.FindByKey(owner, idempotencyKey));

    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) =>
        new(_index.Find(id) is null ? null : _folders.ReadInput(id));

    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        lock (TaskGate(record.Id))
        {
            if (_index.Find(record.Id)?.Version != record.Version || _journal.IsDeleted(record.Id))
                return new(false);

            var next = record with { Version = record.Version + 1 };
            _folders.WriteRecord(next);
            return new(_index.Replace(next, record.Version));
        }
    }

    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(_index.List(query));
    }

    public async ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_index.Find(id) is null)
            return false;

        await _journal.DeleteAsync(id, wholeTask: true);
        return _index.Remove(id);
    }

    private TaskRecord? Add(TaskRecord record, TaskInput input)
    {
        lock (TaskGate(record.Id))
        {
            if (_index.Find(record.Id) is not null || _journal.IsDeleted(record.Id))
                throw TaskIndex.IdTaken(record.Id);

            _folders.Create(record, input);
            return _index.Add(record);
        }
    }

    private void Load(string name)
    {
        if (!TaskId.TryParse(name, out var id))
            return;

        try
        {
            var record = _folders.Read(id);
            _folders.Clean(id, record is not null);
            if (record is not null && _index.Add(record) is not null)
                KeyTaken(id);
        }
        catch (JsonException exception)
        {
            RecordDamaged(exception, id);
        }
    }

    // Keys and ids use different locks, because a lock of an id is taken while a lock of a key is held.
    private Lock Stripe(int hash) => _stripes[(hash & int.MaxValue) % (Stripes / 2)];

    private Lock TaskGate(TaskId id) => _stripes[(Stripes / 2) + ((id.GetHashCode() & int.MaxValue) % (Stripes / 2))];

    [LoggerMessage(1, LogLevel.Error, "The record of task {Task} is damaged; the task is ignored and its folder is kept")]
    private partial void RecordDamaged(Exception exception, TaskId task);

    [LoggerMessage(2, LogLevel.Error, "Task {Task} has the idempotency key of another task, and is ignored")]
    private partial void KeyTaken(TaskId task);
}
