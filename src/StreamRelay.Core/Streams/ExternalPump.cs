using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>Moves events into a log that others append to as well: shows what they have appended, and appends after it.</summary>
internal sealed class ExternalPump(ExternalStream stream, Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time, IEventLog log)
    : StreamPump(stream, inbox, writer, lastTime, time)
{
    private const int PageEntries = 1024;

    private protected override ValueTask PrepareBatchAsync() => CatchUpAsync();

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
        {
            foreach (var entry in page.Span)
                stream.OnAppended(in entry);

            Show(page.Span);
        }

        if (stream.Ending is null)
            RestampBatch();
        else
            DropBatch();
    }
}
