using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.TestSupport;

/// <summary>A log that accepts a number of batches and then fails until it is repaired, as on a full disk.</summary>
public sealed class FailingLog(int after) : IEventLog
{
    private readonly MemoryEventLog _log = new();
    private int _left = after;

    public void Repair() => Volatile.Write(ref _left, int.MaxValue);

    public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        new Writer(this, await _log.OpenAsync(task, epoch, cancellationToken));

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        _log.ReadAsync(task, offset, limit, cancellationToken);

    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
        _log.TryAppendAsync(task, entries, cancellationToken);

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => _log.DeleteAsync(task, cancellationToken);

    private sealed class Writer(FailingLog log, IEventLogWriter inner) : IEventLogWriter
    {
        public long NextOffset => inner.NextOffset;

        public ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref log._left) < 0
                ? throw new IOException("No space left on device")
                : inner.AppendAsync(entries, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
