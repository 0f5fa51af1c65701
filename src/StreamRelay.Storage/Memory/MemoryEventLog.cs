using System.Collections.Concurrent;

namespace StreamRelay.Storage;

/// <summary>Logs in memory, for tests: nothing survives the process.</summary>
public sealed class MemoryEventLog : IEventLog
{
    private readonly ConcurrentDictionary<TaskId, MemoryLog> _logs = new();

    /// <inheritdoc/>
    public ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        new(_logs.GetOrAdd(task, static id => new(id)).Open(epoch));

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        _logs.TryGetValue(task, out var log)
            ? new(log.Read(offset, limit))
            : ValueTask.FromException<ReadOnlyMemory<StreamEntry>>(new LogNotFoundException(task));

    /// <inheritdoc/>
    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (_logs.TryRemove(task, out var log))
            log.Delete();

        return ValueTask.CompletedTask;
    }

    internal sealed class MemoryLog(TaskId task)
    {
        private readonly Lock _lock = new();
        private readonly List<StreamEntry> _entries = [];
        private long _epoch;
        private bool _deleted;

        public long NextOffset
        {
            get
            {
                lock (_lock)
                    return _entries.Count + 1;
            }
        }

        public Writer Open(long epoch)
        {
            lock (_lock)
            {
                if (epoch < _epoch)
                    throw new StaleEpochException(task, epoch);

                _epoch = epoch;
                return new Writer(this, epoch);
            }
        }

        public void Append(long epoch, ReadOnlySpan<StreamEntry> entries)
        {
            lock (_lock)
            {
                if (_deleted)
                    throw new LogNotFoundException(task);
                if (epoch < _epoch)
                    throw new StaleEpochException(task, epoch);
                if (!entries.IsEmpty && entries[0].Offset != _entries.Count + 1)
                    throw new ArgumentException($"The next offset is {_entries.Count + 1}, not {entries[0].Offset}.", nameof(entries));

                _entries.AddRange(entries);
            }
        }

        public ReadOnlyMemory<StreamEntry> Read(long offset, int limit)
        {
            lock (_lock)
                return _entries.Skip((int)offset).Take(limit).ToArray();
        }

        public void Delete()
        {
            lock (_lock)
                _deleted = true;
        }
    }

    internal sealed class Writer(MemoryLog log, long epoch) : IEventLogWriter
    {
        public long NextOffset => log.NextOffset;

        public ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
        {
            log.Append(epoch, entries.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
