using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Memory;

internal sealed class MemoryLogWriter(MemoryLog log, long epoch) : IEventLogWriter
{
    public long NextOffset => log.NextOffset;

    public ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        log.Append(entries.Span, epoch);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
