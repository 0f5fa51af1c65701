using StreamRelay.Events;
using StreamRelay.Logs;

namespace StreamRelay.Streams;

/// <summary>Moves one task's events from its inbox into its log, then into the tail, then notifies the readers: in batches of all events that are ready.</summary>
internal class StreamPump(TaskStream stream, Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time)
{
    private const int MaxBatchEntries = 1024;
    private const int MaxBatchBytes = 256 << 10;

    private readonly List<TaskCompletionSource> _flushes = [];
    private StreamEntry[] _batch = new StreamEntry[4];
    private int _count;
    private long _lastTime = lastTime.ToUnixTimeMilliseconds();

    /// <summary>The entries that are to be appended.</summary>
    private protected ReadOnlyMemory<StreamEntry> Batch => _batch.AsMemory(0, _count);

    public async Task RunAsync()
    {
        try
        {
            while (await inbox.WaitToReadAsync())
                await AppendReadyAsync();

            if (stream.Terminal is { } terminal && stream.Ending is null)
            {
                Advance(time.GetUtcNow());
                Add(terminal);
                await AppendAsync();
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

    /// <summary>Called once per batch before it is appended; the batch may be empty.</summary>
    private protected virtual ValueTask PrepareBatchAsync() => ValueTask.CompletedTask;

    /// <summary>Appends the batch to the log. On return all of its entries are durable.</summary>
    private protected virtual ValueTask WriteBatchAsync() => writer.AppendAsync(Batch, CancellationToken.None);

    /// <summary>Shows entries to the readers that another writer has appended.</summary>
    private protected void Show(ReadOnlySpan<StreamEntry> appended)
    {
        Advance(appended[^1].Time);
        stream.Live.Append(appended);
    }

    /// <summary>Moves the batch behind the entries that another writer has appended.</summary>
    private protected void RestampBatch()
    {
        for (var index = 0; index < _count; index++)
            _batch[index] = Stamp(index, _batch[index].Event);
    }

    /// <summary>Empties the batch: nothing can be appended after a terminal event.</summary>
    private protected void DropBatch() => _count = 0;

    private async ValueTask AppendReadyAsync()
    {
        stream.ThrowIfLost();
        Advance(time.GetUtcNow());
        var bytes = 0;
        while (_count < MaxBatchEntries && inbox.TryPeek(out var next) && (bytes == 0 || bytes + (next.Event?.Cost ?? 0) <= MaxBatchBytes)
            && inbox.TryRead(out var item))
        {
            if (item.Flushed is { } flushed)
            {
                _flushes.Add(flushed);
                continue;
            }

            if (item.Event is not { } published)
                continue;

            bytes += published.Cost;
            Add(published);
        }

        inbox.Signal();
        await PrepareBatchAsync();
        await AppendAsync();
    }

    private void Add(StreamEvent streamEvent)
    {
        if (_count == _batch.Length)
            Array.Resize(ref _batch, _count * 2);

        _batch[_count] = Stamp(_count, streamEvent);
        _count++;
    }

    /// <summary>Sets the time of the next entries: in whole milliseconds, as they are stored, and never before the last entry, so that a clock that is set back does not show in a log.</summary>
    private void Advance(DateTimeOffset now) => _lastTime = Math.Max(_lastTime, now.ToUnixTimeMilliseconds());

    private StreamEntry Stamp(int index, StreamEvent streamEvent) =>
        new(stream.Live.Head + 1 + index, DateTimeOffset.FromUnixTimeMilliseconds(_lastTime), streamEvent);

    private async ValueTask AppendAsync()
    {
        if (_count > 0)
        {
            await WriteBatchAsync();
            if (_count > 0 && _batch[_count - 1].Event.Kind.IsTerminal())
                stream.Ending ??= _batch[_count - 1];

            stream.Live.Append(_batch.AsSpan(0, _count));
            Array.Clear(_batch, 0, _count);
            _count = 0;
        }

        foreach (var flushed in _flushes)
            flushed.TrySetResult();

        _flushes.Clear();
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
            flushed.TrySetException(new PublishException(TaskStream.ToPublishFailure(exception), stream.Id, exception));
    }
}
