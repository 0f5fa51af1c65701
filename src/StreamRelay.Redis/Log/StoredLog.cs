using StackExchange.Redis;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;
using RedisElement = StackExchange.Redis.StreamEntry;

namespace StreamRelay.Redis.Log;

/// <summary>Reads and appends to the stream that contains one task's log.</summary>
/// <param name="connection">The connection.</param>
/// <param name="key">The key of the stream, and the name of the channel on which ids of new elements are published.</param>
/// <param name="task">The task.</param>
/// <param name="keep">How long a log is kept at most after its last element: it expires where retention cannot delete it because its record is gone.</param>
internal sealed class StoredLog(RedisConnection connection, string key, TaskId task, TimeSpan keep)
{
    private const int PageBytes = 128 << 10;
    private const int SmallestBatch = 256;

    // The neighbours of a small batch may be large ones.
    private const int MostBatches = 64;

    /// <summary>The key of the stream.</summary>
    public string Key => key;

    /// <summary>Creates the log, or ends the appends of older epochs.</summary>
    /// <returns>Whether Redis took the marker; if not, its id is not higher than the newest one.</returns>
    public async Task<bool> TryMarkAsync(LogElement marker, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(database => database.StreamAddAsync(key, marker.Field, marker.Bytes, marker.Id.ToString()), cancellationToken);
            return true;
        }
        catch (RedisRefusedException refusal) when (refusal.IsIdTooLow)
        {
            return false;
        }
    }

    /// <summary>Appends an element and publishes it, if <paramref name="previous"/> is the newest element.</summary>
    /// <returns>The top after the append; <see langword="null"/> when another element is the newest one, or there is no log.</returns>
    public Task<LogTop?> TryAppendAsync(LogTop previous, LogElement element, CancellationToken cancellationToken) =>
        AppendScript.TryRunAsync(connection, key, previous, element, keep, cancellationToken);

    /// <summary>Publishes an id once more: the first message may be lost.</summary>
    public Task PublishAsync(EntryId id, CancellationToken cancellationToken) =>
        connection.SendAsync(database => database.PublishAsync(RedisChannel.Literal(key), id.ToString()), cancellationToken);

    /// <summary>Deletes the log, and notifies its followers.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => connection.SendAsync(
        async database =>
        {
            var deleted = database.KeyDeleteAsync(key);
            await database.PublishAsync(RedisChannel.Literal(key), "");
            return await deleted;
        },
        cancellationToken);

    /// <summary>The newest element, marker or batch.</summary>
    /// <returns><see langword="null"/> when there is no log.</returns>
    public Task<StoredBatch?> TopAsync(CancellationToken cancellationToken) => BeforeAsync("+", cancellationToken);

    /// <summary>The newest element, and the offset of the next entry.</summary>
    public async Task<(EntryId? Top, long NextOffset)> EndAsync(CancellationToken cancellationToken)
    {
        var top = await TopAsync(cancellationToken);
        var last = top is { } newest ? await LastBatchAsync(newest, cancellationToken) : null;
        return (top?.Id, (last?.LastOffset ?? 0) + 1);
    }

    /// <summary>Whether the log still contains an element that was read before.</summary>
    public async Task<bool> ContainsAsync(StoredBatch read, CancellationToken cancellationToken) =>
        (await BeforeAsync($"{read.Id}", cancellationToken))?.IsSame(read) is true;

    /// <summary>The newest batch at or before <paramref name="from"/>.</summary>
    public async Task<StoredBatch?> LastBatchAsync(StoredBatch from, CancellationToken cancellationToken)
    {
        StoredBatch? batch = from;
        while (batch is { Id.IsMarker: true } marker)
            batch = await BeforeAsync("(" + marker.Id, cancellationToken);

        return batch;
    }

    /// <summary>The elements from the one that contains the entry after <paramref name="offset"/> on, about a page of them.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<LogRange> FindAsync(long offset, CancellationToken cancellationToken)
    {
        if (offset > 0 && await HolderAsync(offset + 1, cancellationToken) is { } first)
            return first.Size >= PageBytes ? new([first], IsEnd: false) : await ContinueAsync(first, offset, cancellationToken);

        var all = await RangeAsync("-", MostBatches, cancellationToken);
        return all.Batches.Count > 0 ? all : throw new LogNotFoundException(task);
    }

    /// <summary>The elements after one that was read before.</summary>
    public Task<LogRange> AfterAsync(StoredBatch last, CancellationToken cancellationToken) =>
        RangeAsync("(" + last.Id, Wanted(last), cancellationToken);

    private static int Wanted(StoredBatch neighbour) => Math.Clamp(PageBytes / Math.Max(neighbour.Size, SmallestBatch), 1, MostBatches);

    /// <summary>The batch that contains an entry, or the last one before it; offsets ascend with the epochs that wrote them.</summary>
    /// <returns><see langword="null"/> when there is no batch at or before it.</returns>
    private async Task<StoredBatch?> HolderAsync(long offset, CancellationToken cancellationToken)
    {
        var end = "+";
        while (await BeforeAsync(end, cancellationToken) is { } candidate)
        {
            if (!candidate.Id.IsMarker && candidate.Id.Offset <= offset)
                return candidate;

            end = candidate.Id.IsMarker ? "(" + candidate.Id : new EntryId(candidate.Id.Epoch, offset).ToString();
        }

        return end == "+" ? throw new LogNotFoundException(task) : null;
    }

    private async Task<StoredBatch?> BeforeAsync(string end, CancellationToken cancellationToken)
    {
        var elements = await connection.SendAsync(database => database.StreamRangeAsync(key, "-", end, 1, Order.Descending), cancellationToken);
        return elements is [var element] ? StoredBatch.Read(element) ?? throw Damaged(element) : null;
    }

    private async Task<LogRange> ContinueAsync(StoredBatch first, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return (await AfterAsync(first, cancellationToken)).StartingWith(first);
        }
        catch (LogDamagedException) when (first.LastOffset > offset)
        {
            // The entries before the damage can be read.
            return new([first], IsEnd: false);
        }
    }

    private async Task<LogRange> RangeAsync(string start, int count, CancellationToken cancellationToken)
    {
        var elements = await connection.SendAsync(database => database.StreamRangeAsync(key, start, "+", count), cancellationToken);
        List<StoredBatch> batches = new(elements.Length);
        foreach (var element in elements)
        {
            if (StoredBatch.Read(element) is { } batch)
                batches.Add(batch);
            else
                return batches.Count > 0 ? new(batches, IsEnd: false) : throw Damaged(element);
        }

        return new(batches, elements.Length < count);
    }

    private LogDamagedException Damaged(in RedisElement element) =>
        new(task, EntryId.TryParse(((ReadOnlyMemory<byte>)element.Id).Span, out var id) ? Math.Max(0, id.Offset - 1) : 0);
}
