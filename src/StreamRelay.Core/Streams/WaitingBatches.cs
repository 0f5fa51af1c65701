using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>Batches of entries that wait for a pump, bounded in number and in bytes. Takes almost no memory while none wait. Safe to use from any thread.</summary>
internal sealed class WaitingBatches
{
    private const int MaxBatches = 64;
    private const int MaxBytes = 256 << 10;

    private readonly Lock _lock = new();
    private Queue<ReadOnlyMemory<StreamEntry>>? _batches;
    private long _bytes;

    /// <summary>Adds a batch; one is always accepted.</summary>
    /// <returns><see langword="false"/> when too many wait.</returns>
    public bool TryAdd(ReadOnlyMemory<StreamEntry> batch)
    {
        lock (_lock)
        {
            if (_batches is { Count: > 0 } && (_batches.Count == MaxBatches || _bytes >= MaxBytes))
                return false;

            (_batches ??= new()).Enqueue(batch);
            _bytes += CountBytes(batch);
            return true;
        }
    }

    /// <summary>Removes the first batch.</summary>
    /// <returns><see langword="false"/> when none waits.</returns>
    public bool TryTake(out ReadOnlyMemory<StreamEntry> batch)
    {
        lock (_lock)
        {
            batch = default;
            if (_batches?.TryDequeue(out batch) is not true)
                return false;

            _bytes -= CountBytes(batch);
            return true;
        }
    }

    private static long CountBytes(ReadOnlyMemory<StreamEntry> batch)
    {
        var bytes = 0L;
        foreach (ref readonly var entry in batch.Span)
            bytes += entry.Event.Cost;

        return bytes;
    }
}
