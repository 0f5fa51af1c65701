using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>The writer of a task's log, which appends a large batch only when it has one of <paramref name="turns"/>. Tasks that publish faster than the log
/// is written take turns, so that a small batch of another task waits for a few large ones and not for one of each such task.</summary>
internal sealed class FairLogWriter(IEventLogWriter writer, AppendTurns turns) : IEventLogWriter
{
    private const int LargeEntries = 128;
    private const int LargeBytes = 64 << 10;

    private volatile bool _waitsForTurn;

    public event EventHandler<IOException>? Lost
    {
        add => writer.Lost += value;
        remove => writer.Lost -= value;
    }

    public long NextOffset => writer.NextOffset;

    // Those whose turn it is may wait for the store.
    public bool IsWaiting => _waitsForTurn || writer.IsWaiting;

    public ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken) =>
        IsLarge(entries.Span) ? AppendInTurnAsync(entries, cancellationToken) : writer.AppendAsync(entries, cancellationToken);

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private static bool IsLarge(ReadOnlySpan<StreamEntry> entries)
    {
        var bytes = 0;
        for (var index = 0; index < entries.Length && index < LargeEntries; index++)
            bytes += entries[index].Event.Cost;

        return entries.Length >= LargeEntries || bytes >= LargeBytes;
    }

    private async ValueTask AppendInTurnAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            await writer.AppendAsync(entries, cancellationToken);
        }
        finally
        {
            turns.GiveBack();
        }
    }

    private async ValueTask TakeTurnAsync(CancellationToken cancellationToken)
    {
        _waitsForTurn = true;
        try
        {
            await turns.TakeAsync(cancellationToken);
        }
        finally
        {
            _waitsForTurn = false;
        }
    }
}
