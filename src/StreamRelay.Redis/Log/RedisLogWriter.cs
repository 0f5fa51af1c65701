using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Writes a task's log in one epoch. After any doubt it reads the newest element: its id tells what happened.</summary>
internal sealed partial class RedisLogWriter : IEventLogWriter
{
    /// <summary>What takes longer waits for Redis: well below what a publisher waits for room, and above what a busy server takes.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(1);

    private readonly RespConnection _connection;
    private readonly StoredLog _stored;
    private readonly string _key;
    private readonly TaskId _task;
    private readonly long _epoch;
    private readonly string _node;
    private readonly TimeSpan _outage;
    private readonly TimeSpan _keep;
    private readonly Func<TaskId, long, Task<bool>> _isKept;
    private readonly OpenWriters _writers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecentBatches _recent;
    private readonly Lock _lock = new();
    private Task _turn = Task.CompletedTask;
    private RespCommand[] _announcement = [];
    private long _appendingSince;

    // The connection over which everything that was written is known to be there.
    private long _generation;

    public RedisLogWriter(
        RespConnection connection, long generation, StoredLog stored, string key, TaskId task, long epoch, string node, StoredBatch? last,
        TimeSpan outage, TimeSpan keep, Func<TaskId, long, Task<bool>> isKept, OpenWriters writers, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _generation = generation;
        _stored = stored;
        _key = key;
        _task = task;
        _epoch = epoch;
        _node = node;
        _outage = outage;
        _keep = keep;
        _isKept = isKept;
        _writers = writers;
        _time = time;
        _logger = logger;
        _recent = new(time);
        NextOffset = (last?.LastOffset ?? 0) + 1;

        // The batch before was this task's as well, and its writer may be gone.
        var marker = new EntryId(epoch, 0);
        var before = RespCommand.Of("XADD", key, "NOMKSTREAM", marker.ToString(), StoredBatch.Marker, node);
        foreach (var (id, add) in Sorted((marker, before), last is { } batch ? (batch.Id, batch.ToCommand(key)) : null))
            _recent.Add(id, add);
    }

    public long NextOffset { get; private set; }

    public bool IsWaiting => Volatile.Read(ref _appendingSince) is var since and > 0 && _time.GetElapsedTime(since) >= Prompt;

    public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EntryFormat.CheckOffsets(entries.Span, NextOffset);
        if (entries.IsEmpty)
            return;

        var id = new EntryId(_epoch, NextOffset);
        var bytes = StoredBatch.Write(entries.Span);
        var add = RespCommand.Of("XADD", _key, "NOMKSTREAM", id.ToString(), StoredBatch.Format, bytes);
        var announcement = Announcement.Of(_key, id, entries.Span[^1].Event, _keep);
        Volatile.Write(ref _appendingSince, _time.GetTimestamp());
        try
        {
            await InTurnAsync(() => AppendAsync(id, add, bytes, announcement));
        }
        finally
        {
            Volatile.Write(ref _appendingSince, 0);
        }

        NextOffset += entries.Length;
    }

    /// <summary>Writes again what Redis has lost, if it was away since this was last known to be all there.</summary>
    public Task RepairAsync() => InTurnAsync(() => _connection.Generation == _generation
        ? Task.CompletedTask
        : Outage.WaitOutAsync(TopAsync, _outage, _time, CancellationToken.None));

    /// <summary>Writes no more; what it wrote is looked after for some seconds yet.</summary>
    public ValueTask DisposeAsync()
    {
        _ = _writers.RemoveAsync(this);
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<(EntryId Id, RespCommand Add)> Sorted((EntryId Id, RespCommand Add) one, (EntryId Id, RespCommand Add)? other) =>
        other is not { } second ? [one] : one.Id < second.Id ? [one, second] : [second, one];

    private Task InTurnAsync(Func<Task> work)
    {
        lock (_lock)
            return _turn = AfterAsync(_turn, work);
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await work();
    }

    private async Task AppendAsync(EntryId id, RespCommand add, byte[] bytes, RespCommand[] announcement)
    {
        try
        {
            if (!await _stored.TryAddAsync(_generation, add, announcement))
                await Outage.WaitOutAsync(() => ResolveAsync(id, add, bytes, announcement), _outage, _time, CancellationToken.None);
        }
        catch (IOException exception) when (Outage.IsOne(exception))
        {
            AppendInDoubt(_task, exception.Message);
            await Outage.WaitOutAsync(() => ResolveAsync(id, add, bytes, announcement), _outage, _time, CancellationToken.None);
        }

        _recent.Add(id, add);
        _announcement = announcement;
    }

    /// <summary>Finds out whether an element was written, and writes it if it was not.</summary>
    private async Task<bool> ResolveAsync(EntryId id, RespCommand add, byte[] bytes, RespCommand[] announcement)
    {
        // Who began this epoch as well may have written something else there.
        var top = await TopAsync();
        if (top is { } newest && (newest.Id > id || (newest.Id == id && !newest.Holds(bytes))))
            throw new StaleEpochException(_task, _epoch);

        // Announced once more: the first announcement may be what was lost.
        return top?.Id == id
            ? !(await _connection.SendAsync(announcement, CancellationToken.None))[0].IsNull
            : await _stored.TryAddAsync(_generation, add, announcement) || await ResolveAsync(id, add, bytes, announcement);
    }

    /// <summary>The newest element, once everything that was acknowledged is there.</summary>
    /// <returns><see langword="null"/> when the last that was acknowledged is the newest, because it was written again just now.</returns>
    private async Task<StoredBatch?> TopAsync()
    {
        var generation = _connection.Generation;
        var top = await _stored.TopAsync(CancellationToken.None);
        if (top?.Id.Epoch > _epoch)
            throw new StaleEpochException(_task, _epoch);
        var isWhole = top is { } newest && !(newest.Id < _recent.Last);
        if (!isWhole)
            await RepeatAsync(top, generation);
        if (_connection.Generation != generation)
            throw new RespUnavailableException("The connection was lost meanwhile.", null);

        _generation = generation;
        return isWhole ? top : null;
    }

    /// <summary>Writes again what was acknowledged, and lost since.</summary>
    private async Task RepeatAsync(StoredBatch? top, long generation)
    {
        var lost = _recent.After(top?.Id ?? default);
        var left = top is { } newest ? (await _stored.LastBatchAsync(newest, CancellationToken.None))?.LastOffset ?? 0 : 0;
        if (left + 1 != lost.Where(batch => !batch.Id.IsMarker).Select(batch => batch.Id.Offset).FirstOrDefault(NextOffset))
            throw top is null ? new LogNotFoundException(_task) : new IOException($"Redis has lost more of task {_task}'s log than is kept here to repeat.");

        LogRepeated(_task, lost.Count, $"{top?.Id}");
        if (top is null)
            await _stored.TryAddAsync(generation, await RecreateAsync(lost[0].Id.Epoch));

        // One after the other: behind one that is refused, none may be taken.
        foreach (var (_, add) in lost)
            await _stored.TryAddAsync(generation, add);

        if (_announcement.Length > 0)
            await _connection.SendAsync(_announcement, generation, CancellationToken.None);
    }

    /// <summary>The command that makes the log again, if it was not deleted.</summary>
    private async Task<RespCommand> RecreateAsync(long epoch) => await _isKept(_task, _epoch)
        ? RespCommand.Of("XADD", _key, new EntryId(epoch, 0).ToString(), StoredBatch.Marker, _node)
        : throw new LogNotFoundException(_task);

    [LoggerMessage(1, LogLevel.Warning, "Whether Redis took a batch of task {TaskId} is unknown, and is found out: {Reason}")]
    private partial void AppendInDoubt(TaskId taskId, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Redis has lost the end of task {TaskId}'s log; {Count} batches after {Top} are written again")]
    private partial void LogRepeated(TaskId taskId, int count, string top);
}
