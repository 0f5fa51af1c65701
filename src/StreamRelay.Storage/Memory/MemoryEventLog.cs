using System.Collections.Concurrent;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Memory;

/// <summary>Keeps event logs in memory, for tests.</summary>
public sealed class MemoryEventLog : IEventLog
{
    private readonly ConcurrentDictionary<TaskId, MemoryLog> _logs = [];

    /// <inheritdoc/>
    public ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var log = _logs.GetOrAdd(task, id => new(id));
        log.Open(epoch);
        return new(new MemoryLogWriter(log, epoch));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        cancellationToken.ThrowIfCancellationRequested();
        return _logs.TryGetValue(task, out var log) ? new(log.Read(offset, limit)) : throw new LogNotFoundException(task);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _logs.TryGetValue(task, out var log) ? new(log.TryAppend(entries.Span)) : throw new LogNotFoundException(task);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_logs.TryRemove(task, out var log))
            log.Delete();
        return ValueTask.CompletedTask;
    }
}
