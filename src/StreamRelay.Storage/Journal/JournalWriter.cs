using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Journal;

/// <summary>Writes one task's log through the commit loop. An append cannot be cancelled after its request is submitted.</summary>
internal sealed class JournalWriter(CommitLoop loop, TaskLog log, long epoch) : IEventLogWriter
{
    private readonly JournalRequest _append = new(RequestKind.Append, log.Task) { Epoch = epoch, Log = log };
    private bool _closed;

    public long NextOffset => log.NextOffset;

    public ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        _append.Entries = entries;
        return loop.SubmitAsync(_append);
    }

    public ValueTask DisposeAsync()
    {
        if (!_closed)
            log.Unpin();
        _closed = true;
        return ValueTask.CompletedTask;
    }
}
