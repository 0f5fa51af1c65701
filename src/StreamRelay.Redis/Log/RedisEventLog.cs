using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>One Redis stream per task. The ids of its elements ascend with epoch and offset, and Redis refuses any other id: that fences the writers of older epochs.</summary>
internal sealed class RedisEventLog : IEventLog, IEventFeed
{
    private readonly RedisConnection _connection;
    private readonly RedisSubscriber _subscriber;
    private readonly RedisKeys _keys;
    private readonly StoreTimes _times;
    private readonly LogWriterOptions _writerOptions;
    private readonly OpenWriters _writers;
    private readonly KeptAppends _kept;
    private readonly LossRecovery _recovery;
    private readonly ITaskStore? _tasks;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public RedisEventLog(RedisConnections connections, RedisKeys keys, string node, StoreTimes times, ITaskStore? tasks, OpenWriters writers, KeptAppends kept)
    {
        _connection = connections.Commands;
        _subscriber = connections.Signals;
        _keys = keys;
        _times = times;
        _writerOptions = new(node, times.Outage, IsKeptAsync);
        _writers = writers;
        _kept = kept;
        _recovery = kept.Recovery;
        _tasks = tasks;
        _time = connections.Time;
        _logger = connections.Logger;
    }

    public bool IsRecovering => _recovery.IsOngoing;

    public long Losses => _recovery.Generation;

    public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
    {
        var stored = Stored(task);
        var marker = LogElement.Marker(epoch, _writerOptions.Node);
        var top = await WaitOutAsync(() => MarkAsync(stored, marker, cancellationToken), cancellationToken);
        if (top.Id.Epoch > epoch)
            throw new StaleEpochException(task, epoch);

        var last = await WaitOutAsync(() => stored.LastBatchAsync(top, cancellationToken), cancellationToken);
        var writer = new RedisLogWriter(stored, new(task, epoch, last), _writerOptions, _writers, _time, _logger);
        _writers.Add(writer);
        return writer;
    }

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        new(FindAsync(() => ReadOnceAsync(task, offset, limit, cancellationToken), cancellationToken));

    public async ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        var stored = Stored(task);
        var append = new SharedAppend(stored, task, entries, _recovery);
        if (!await FindAsync(() => append.TryAsync(cancellationToken), cancellationToken))
            return false;

        _kept.Add(stored, append.Previous, append.Element!);
        return true;
    }

    public async ValueTask<StreamEntry?> GetLastAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (await FindLastAsync(Stored(task), task, cancellationToken) is not { } last)
            return null;

        var page = new LogPage(1);
        last.ReadInto(page, last.LastOffset - 1);
        return page.ToMemory().Span[0];
    }

    public IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(TaskId task, long offset, CancellationToken cancellationToken) =>
        FollowAsync(new RedisFollower(Stored(task), _subscriber, task, _recovery, _time), offset, cancellationToken);

    public async ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        var stored = Stored(task);
        await WaitOutAsync(
            async () =>
            {
                await stored.DeleteAsync(cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(
        RedisFollower follower, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (follower)
        {
            await foreach (var page in follower.ReadAsync(offset, cancellationToken))
                yield return page;
        }
    }

    private static async Task<StoredBatch> MarkAsync(StoredLog stored, LogElement marker, CancellationToken cancellationToken)
    {
        // A marker that is refused, or was written already by an attempt without a reply, changes nothing: the newest element decides.
        while (true)
        {
            await stored.TryMarkAsync(marker, cancellationToken);
            if (await stored.TopAsync(cancellationToken) is { } top)
                return top;
        }
    }

    private StoredLog Stored(TaskId task) => new(_connection, _keys.Log(task), task, _times.Keep);

    private async Task<ReadOnlyMemory<StreamEntry>> ReadOnceAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken)
    {
        var page = new LogPage(limit);
        foreach (var batch in (await Stored(task).FindAsync(offset, cancellationToken)).Batches)
            batch.ReadInto(page, offset);

        return page.ToMemory();
    }

    private async Task<bool> IsKeptAsync(TaskId task, long epoch) =>
        _tasks is not null && (await _tasks.FindAsync(task, CancellationToken.None))?.Epoch == epoch;

    private async Task<StoredBatch?> FindLastAsync(StoredLog stored, TaskId task, CancellationToken cancellationToken)
    {
        try
        {
            var top = await FindAsync(async () => await stored.TopAsync(cancellationToken) ?? throw new LogNotFoundException(task), cancellationToken);
            return await WaitOutAsync(() => stored.LastBatchAsync(top, cancellationToken), cancellationToken);
        }
        catch (LogNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Finds a log, also one that Redis has lost and that its writer is about to write again.</summary>
    private Task<T> FindAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken) =>
        WaitOutAsync(() => _recovery.FindAsync(attempt, cancellationToken), cancellationToken);

    private Task<T> WaitOutAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken) =>
        Outage.WaitOutAsync(attempt, _times.Outage, _time, cancellationToken);
}
