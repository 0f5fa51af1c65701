using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;


namespace StreamRelay.Redis;

/// <summary>Reads the stream that one task's log is kept in.</summary>
internal sealed class StoredLog(RespConnection connection, string key, TaskId task)
{
    private const int PageBytes = 128 << 10;
    private const int SmallestBatch = 256;

    // The neighbours of a small batch may be large ones.
    private const int MostBatches = 64;

    /// <summary>Makes the log, or tells older epochs that they may no longer write.</summary>
    /// <returns>Whether Redis took it; if not, its id is not higher than the newest one's.</returns>
    public async Task<bool> TryMarkAsync(RespCommand marker, CancellationToken cancellationToken) =>
        Took((await connection.SendAsync(new[] { marker }, cancellationToken))[0]);

    /// <summary>Adds an element behind the newest one that was read, on the connection that it was read on.</summary>
    /// <param name="generation">The connection's <see cref="RespConnection.Generation"/> before that.</param>
    /// <param name="add">What adds it.</param>
    /// <param name="others">What is sent with it.</param>
    /// <returns>Whether Redis took it; if not, its id is not higher than the newest one's.</returns>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<bool> TryAddAsync(long generation, RespCommand add, params RespCommand[] others)
    {
        RespCommand[] commands = [add, .. others];
        return Took((await connection.SendAsync(commands, generation, CancellationToken.None))[0]);
    }

    private bool Took(RespValue answer)
    {
        if (answer.IsNull)
            throw new LogNotFoundException(task);
        if (answer.Kind != RespKind.Error)
            return true;

        var refusal = answer.Refusal();
        return refusal.Reply.Contains("equal or smaller", StringComparison.Ordinal) ? false : throw refusal;
    }

    /// <summary>The newest element, marker or batch.</summary>
    /// <returns><see langword="null"/> when there is no log.</returns>
    public Task<StoredBatch?> TopAsync(CancellationToken cancellationToken) => BeforeAsync("+", cancellationToken);

    /// <summary>The newest batch, from an element on downwards.</summary>
    public async Task<StoredBatch?> LastBatchAsync(StoredBatch from, CancellationToken cancellationToken)
    {
        StoredBatch? batch = from;
        while (batch is { Id.IsMarker: true } marker)
            batch = await BeforeAsync("(" + marker.Id, cancellationToken);

        return batch;
    }

    /// <summary>The elements from the one that holds the entry after <paramref name="offset"/> on, about a page of them.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    public async Task<IReadOnlyList<StoredBatch>> FindAsync(long offset, CancellationToken cancellationToken)
    {
        var found = offset == 0 ? null : await HolderAsync(offset + 1, cancellationToken);
        if (found is { } first)
            return [first, .. first.Size >= PageBytes ? [] : await RangeAsync("(" + first.Id, Wanted(first), cancellationToken)];

        var all = await RangeAsync("-", MostBatches, cancellationToken);
        return all.Count > 0 ? all : throw new LogNotFoundException(task);
    }

    /// <summary>The elements after one that was read before.</summary>
    public Task<IReadOnlyList<StoredBatch>> AfterAsync(StoredBatch last, CancellationToken cancellationToken) =>
        RangeAsync("(" + last.Id, Wanted(last), cancellationToken);

    private static int Wanted(StoredBatch neighbour) => Math.Clamp(PageBytes / Math.Max(neighbour.Size, SmallestBatch), 1, MostBatches);

    /// <summary>The batch that holds an entry, or the last one before it; epochs ascend with the offsets that they wrote.</summary>
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
        var answer = await connection.SendAsync(RespCommand.Of("XREVRANGE", key, end, "-", "COUNT", 1), cancellationToken);
        return answer.Items is [var element] ? StoredBatch.Read(element) : null;
    }

    private async Task<IReadOnlyList<StoredBatch>> RangeAsync(string start, int count, CancellationToken cancellationToken)
    {
        var answer = await connection.SendAsync(RespCommand.Of("XRANGE", key, start, "+", "COUNT", count), cancellationToken);
        return [.. answer.Items.Select(StoredBatch.Read)];
    }
}
