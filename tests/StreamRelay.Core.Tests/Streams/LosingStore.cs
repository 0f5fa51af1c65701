using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>A shared store in memory that loses the entries of its logs, and may get them back.</summary>
internal sealed class LosingStore : IEventLog, IEventFeed
{
    private readonly MemoryEventLog _log = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLost;

    public bool IsRecovering { get; set; }

    public long Losses { get; private set; }

    /// <summary>Completes when lost entries were read.</summary>
    public Task WhenRead => _read.Task;

    public void Lose()
    {
        _isLost = true;
        Losses++;
    }

    public void Restore() => _isLost = false;

    public ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken) => _log.OpenAsync(task, epoch, cancellationToken);

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken)
    {
        if (!_isLost)
            return _log.ReadAsync(task, offset, limit, cancellationToken);

        _read.TrySetResult();
        return default;
    }

    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
        _log.TryAppendAsync(task, entries, cancellationToken);

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => _log.DeleteAsync(task, cancellationToken);

    public ValueTask<StreamEntry?> GetLastAsync(TaskId task, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(TaskId task, long offset, CancellationToken cancellationToken) =>
        throw new LogTruncatedException(task);
}
