using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>A log in memory whose appends fail as <see cref="StoreFaults"/> says.</summary>
internal sealed class FaultyLog(StoreFaults faults) : IEventLog
{
    /// <summary>The log without its faults.</summary>
    public MemoryEventLog Whole { get; } = new();

    public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        new Writer(await Whole.OpenAsync(task, epoch, cancellationToken), faults);

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        Whole.ReadAsync(task, offset, limit, cancellationToken);

    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
        Whole.TryAppendAsync(task, entries, cancellationToken);

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken) => Whole.DeleteAsync(task, cancellationToken);

    private static StoreWrite KindOf(ReadOnlySpan<StreamEntry> entries) =>
        entries[0].Offset == 1 ? StoreWrite.AppendStart
        : entries[^1].Event.Kind.IsTerminal() ? StoreWrite.AppendTerminal
        : StoreWrite.AppendOutput;

    private sealed class Writer(IEventLogWriter whole, StoreFaults faults) : IEventLogWriter
    {
        public long NextOffset => whole.NextOffset;

        public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
            await faults.WriteAsync(KindOf(entries.Span), async () =>
            {
                await whole.AppendAsync(entries, cancellationToken);
                return true;
            });

        public ValueTask DisposeAsync() => whole.DisposeAsync();
    }
}
