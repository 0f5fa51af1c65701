using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>Moves one task's events from its inbox into its log, then into the tail, then rings its readers: in batches of whatever is ready.
/// Where others append to the log too (<paramref name="shared"/>), it shows what they have appended, and writes behind it.</summary>
internal sealed class StreamPump(TaskStream stream, Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time, IEventLog? shared)
{
    private const int MaxBatchEntries = 1024;
    private const int MaxBatchBytes = 256 << 10;
    private const int PageEntries = 1024;

    private readonly List<TaskCompletionSource> _flushes = [];
    private StreamEntry[] _batch = new StreamEntry[16];
    private int _count;
    private long _lastTime = lastTime.ToUnixTimeMilliseconds();

    public async Task RunAsync()
    {
        try
        {
            while (await inbox.WaitToReadAsync())
                await AppendReadyAsync();

            if (stream.Terminal is { } terminal && stream.Ending is null)
            {
                Add(terminal);
                await AppendAsync();
                stream.Ending ??= stream.Live.Newest;
            }

            await writer.DisposeAsync();
            stream.Live.End(null);
        }
        catch (Exception exception)
        {
            stream.Live.End(exception);
            Fail(exception);
            await writer.DisposeAsync();
        }
    }

    private async ValueTask AppendReadyAsync()
    {
        var bytes = 0;
        while (_count < MaxBatchEntries && inbox.TryPeek(out var next) && (bytes == 0 || bytes + (next.Event?.Size ?? 0) <= MaxBatchBytes)
            && inbox.TryRead(out var item))
        {
            if (item.Flushed is { } flushed)
            {
                _flushes.Add(flushed);
                continue;
            }

            if (item.Event is not { } said)
                continue;

            bytes += said.Size + 1;
            Add(said);
        }

        inbox.Signal();
        if (shared is not null)
            await CatchUpAsync(shared);

        await AppendAsync();
    }

    private void Add(StreamEvent streamEvent)
    {
        if (_count == _batch.Length)
            Array.Resize(ref _batch, _count * 2);

        _batch[_count] = Stamp(_count, streamEvent);
        _count++;
    }

    private StreamEntry Stamp(int index, StreamEvent streamEvent)
    {
        // Whole milliseconds, never backwards: what is shown is what is stored, and a clock set back leaves no trace in a log.
        _lastTime = Math.Max(_lastTime, time.GetUtcNow().ToUnixTimeMilliseconds());
        return new(stream.Live.Head + 1 + index, DateTimeOffset.FromUnixTimeMilliseconds(_lastTime), streamEvent);
    }

    private async ValueTask AppendAsync()
    {
        if (_count > 0)
        {
            if (shared is null)
                await writer.AppendAsync(_batch.AsMemory(0, _count), CancellationToken.None);
            else
                await AppendSharedAsync(shared);

            stream.Live.Append(_batch.AsSpan(0, _count));
            Array.Clear(_batch, 0, _count);
            _count = 0;
        }

        foreach (var flushed in _flushes)
            flushed.TrySetResult();

        _flushes.Clear();
    }

    private async ValueTask AppendSharedAsync(IEventLog log)
    {
        while (_count > 0 && !await log.TryAppendAsync(stream.Id, _batch.AsMemory(0, _count), CancellationToken.None))
        {
            var head = stream.Live.Head;
            await CatchUpAsync(log);
            if (stream.Live.Head == head)
                throw new LogTruncatedException(stream.Id);
        }
    }

    private async ValueTask CatchUpAsync(IEventLog log)
    {
        while (stream.Ending is null && await log.ReadAsync(stream.Id, stream.Live.Head, PageEntries, CancellationToken.None) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
                stream.Hear(in entry);

            _lastTime = Math.Max(_lastTime, page.Span[^1].Time.ToUnixTimeMilliseconds());
            stream.Live.Append(page.Span);
        }

        // Behind what others said; behind an end there is nothing.
        _count = stream.Ending is null ? _count : 0;
        for (var index = 0; index < _count; index++)
            _batch[index] = Stamp(index, _batch[index].Event);
    }

    private void Fail(Exception exception)
    {
        inbox.Close();
        while (inbox.TryRead(out var item))
        {
            if (item.Flushed is { } waiting)
                _flushes.Add(waiting);
        }

        foreach (var flushed in _flushes)
            flushed.TrySetException(new PublishException(exception is StaleEpochException ? PublishFailure.StaleEpoch : PublishFailure.Storage, stream.Id, exception));
    }
}
