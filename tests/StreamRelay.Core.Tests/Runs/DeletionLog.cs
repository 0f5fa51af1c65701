using System.Collections.Concurrent;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Signals the deletion of a log; the record is deleted before the log.</summary>
internal sealed class DeletionLog : IEventLog
{
    private readonly MemoryEventLog _log = new();
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _deleted = new();

    public Task WhenDeletedAsync(TaskId task) => Deletion(task).Task;

    public ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken) => _log.OpenAsync(task, epoch, cancellationToken);

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        _log.ReadAsync(task, offset, limit, cancellationToken);

    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
        _log.TryAppendAsync(task, entries, cancellationToken);

    public async ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        await _log.DeleteAsync(task, cancellationToken);
        Deletion(task).TrySetResult();
    }

    private TaskCompletionSource Deletion(TaskId task) =>
        _deleted.GetOrAdd(task, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
