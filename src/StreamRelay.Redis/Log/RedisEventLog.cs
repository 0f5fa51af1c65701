using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>One Redis stream per task. The ids of its elements ascend with epoch and offset, and Redis refuses every other one: that is the fence.</summary>
internal sealed class RedisEventLog(
    RespConnection connection, RespSubscriber subscriber, RedisKeys keys, string node, TimeSpan outage, TimeSpan keep, OpenWriters writers, ITaskStore? tasks,
    TimeProvider time, ILogger logger)
    : IEventLog, IEventFeed
{
    /// <summary>How much later than others a writer may be back after an outage.</summary>
    private static readonly TimeSpan Straggle = TimeSpan.FromSeconds(2);

    public bool IsRecovering => connection.Generation > 1 && connection.Age < Straggle;

    public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
    {
        var key = keys.Log(task);
        var stored = new StoredLog(connection, key, task);
        var generation = connection.Generation;
        var marker = RespCommand.Of("XADD", key, new EntryId(epoch, 0).ToString(), StoredBatch.Marker, node);
        var top = await WaitOutAsync(() => MarkAsync(stored, marker, cancellationToken), cancellationToken);
        if (top.Id.Epoch > epoch)
            throw new StaleEpochException(task, epoch);

        var last = await WaitOutAsync(() => stored.LastBatchAsync(top, cancellationToken), cancellationToken);
        var writer = new RedisLogWriter(connection, generation, stored, key, task, epoch, node, last, outage, keep, IsKeptAsync, writers, time, logger);
        writers.Add(writer);
        return writer;
    }

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken) =>
        new(FindAsync(() => ReadOnceAsync(task, offset, limit, cancellationToken), cancellationToken));

    public async ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        var key = keys.Log(task);
        var append = new SharedAppend(connection, new(connection, key, task), key, task, entries, keep);
        return await WaitOutAsync(() => append.TryAsync(cancellationToken), cancellationToken);
    }

    public async ValueTask<StreamEntry?> GetLastAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (await FindLastAsync(new(connection, keys.Log(task), task), task, cancellationToken) is not { } last)
            return null;

        var page = new LogPage(1);
        last.ReadInto(page, last.LastOffset - 1);
        return page.ToMemory().Span[0];
    }

    public IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(TaskId task, long offset, CancellationToken cancellationToken) =>
        FollowAsync(new RedisFollower(connection, subscriber, keys.Log(task), task, time), offset, cancellationToken);

    public async ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        var key = keys.Log(task);

        // Whoever follows it hears of it.
        RespCommand[] commands = [RespCommand.Of("UNLINK", key), RespCommand.Of("PUBLISH", key, "")];
        var answers = await WaitOutAsync(() => connection.SendAsync(commands, cancellationToken), cancellationToken);
        answers[0].ThrowIfError();
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

    private static async Task<StoredBatch> MarkAsync(StoredLog stored, RespCommand marker, CancellationToken cancellationToken)
    {
        // A marker that is refused, or was written already when it is sent again, changes nothing: the top tells.
        while (true)
        {
            await stored.TryMarkAsync(marker, cancellationToken);
            if (await stored.TopAsync(cancellationToken) is { } top)
                return top;
        }
    }

    private async Task<ReadOnlyMemory<StreamEntry>> ReadOnceAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken)
    {
        var page = new LogPage(limit);
        foreach (var batch in await new StoredLog(connection, keys.Log(task), task).FindAsync(offset, cancellationToken))
            batch.ReadInto(page, offset);

        return page.ToMemory();
    }

    /// <summary>Whether a log that is gone was lost, and not deleted: its record goes first.</summary>
    private async Task<bool> IsKeptAsync(TaskId task, long epoch) =>
        tasks is not null && (await tasks.FindAsync(task, CancellationToken.None))?.Epoch == epoch;

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

    /// <summary>Finds a log, also when Redis has lost it and is about to be told it again.</summary>
    private async Task<T> FindAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await WaitOutAsync(attempt, cancellationToken);
            }
            catch (LogNotFoundException) when (IsRecovering)
            {
                await Task.Delay(RespBackOff.Delay(0), time, cancellationToken);
            }
        }
    }

    private Task<T> WaitOutAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken) =>
        Outage.WaitOutAsync(attempt, outage, time, cancellationToken);
}
