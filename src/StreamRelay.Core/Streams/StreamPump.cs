using StreamRelay.Storage;

namespace StreamRelay.Streams;

/// <summary>Moves one task's events from its inbox into its log, then into the tail, then rings its readers: in batches of whatever is ready.</summary>
internal sealed class StreamPump(TaskStream stream, Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time)
{
    private const int MaxBatchEntries = 1024;
    private const int MaxBatchBytes = 256 << 10;

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
                var ending = _batch[_count - 1];
                await AppendAsync();
                stream.Ending = ending;
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

            bytes += item.Event!.Size + 1;
            Add(item.Event);
        }

        inbox.Signal();
        await AppendAsync();
    }

    private void Add(StreamEvent streamEvent)
    {
        if (_count == _batch.Length)
            Array.Resize(ref _batch, _count * 2);

        // Whole milliseconds, never backwards: what is shown is what is stored, and a clock set back leaves no trace in a log.
        _lastTime = Math.Max(_lastTime, time.GetUtcNow().ToUnixTimeMilliseconds());
        _batch[_count] = new(writer.NextOffset + _count, DateTimeOffset.FromUnixTimeMilliseconds(_lastTime), streamEvent);
        _count++;
    }

    private async ValueTask AppendAsync()
    {
        if (_count > 0)
        {
            await writer.AppendAsync(_batch.AsMemory(0, _count), CancellationToken.None);
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
            flushed.TrySetException(new PublishException(exception is StaleEpochException ? PublishFailure.StaleEpoch : PublishFailure.Storage, stream.Id, exception));
    }
}
