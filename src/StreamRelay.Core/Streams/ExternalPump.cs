using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>Moves events into a log that others append to as well: shows what they have appended, and appends after it.</summary>
internal sealed class ExternalPump(ExternalStream stream, Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time, IEventLog log)
    : StreamPump(stream, inbox, writer, lastTime, time)
{
    private const int PageEntries = 1024;

    private protected override ValueTask PrepareBatchAsync()
    {
        while (stream.Ending is null && stream.TryTakeAppended(out var appended))
            Take(appended.Span);

        if (stream.TakeIsBehind())
            return CatchUpAsync();

        AdjustBatch();
        return ValueTask.CompletedTask;
    }

    private protected override async ValueTask WriteBatchAsync()
    {
        while (!Batch.IsEmpty && !await log.TryAppendAsync(stream.Id, Batch, CancellationToken.None))
        {
            var head = stream.Head;
            await CatchUpAsync();
            if (stream.Head == head)
                throw new LogTruncatedException(stream.Id);
        }
    }

    private async ValueTask CatchUpAsync()
    {
        while (stream.Ending is null && await log.ReadAsync(stream.Id, stream.Head, PageEntries, CancellationToken.None) is { IsEmpty: false } page)
            Take(page.Span);

        AdjustBatch();
    }

    private void Take(ReadOnlySpan<StreamEntry> appended)
    {
        foreach (ref readonly var entry in appended)
            stream.OnAppended(in entry);

        Show(appended);
    }

    private void AdjustBatch()
    {
        if (stream.Ending is null)
            RestampBatch();
        else
            DropBatch();
    }
}
