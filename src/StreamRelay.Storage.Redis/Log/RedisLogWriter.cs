using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Redis.Resp;

namespace StreamRelay.Storage.Redis;

/// <summary>Writes a task's log in one epoch. After any doubt it reads the newest element: its id tells what happened.</summary>
internal sealed partial class RedisLogWriter : IEventLogWriter
{
    private readonly RespConnection _connection;
    private readonly StoredLog _stored;
    private readonly string _key;
    private readonly TaskId _task;
    private readonly long _epoch;
    private readonly TimeSpan _outage;
    private readonly TimeSpan _keep;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecentBatches _recent;
    private long _generation;
    private volatile bool _isWaiting;

    public RedisLogWriter(
        RespConnection connection, long generation, StoredLog stored, string key, TaskId task, long epoch, StoredBatch top, long lastOffset,
        TimeSpan outage, TimeSpan keep, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _generation = generation;
        _stored = stored;
        _key = key;
        _task = task;
        _epoch = epoch;
        _outage = outage;
        _keep = keep;
        _time = time;
        _logger = logger;
        _recent = new(top.Id, time);
        NextOffset = lastOffset + 1;
    }

    public long NextOffset { get; private set; }

    public bool IsWaiting => _isWaiting;

    public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EntryFormat.CheckOffsets(entries.Span, NextOffset);
        if (entries.IsEmpty)
            return;

        var id = new EntryId(_epoch, NextOffset);
        var add = RespCommand.Of("XADD", _key, "NOMKSTREAM", id.ToString(), StoredBatch.Format, StoredBatch.Write(entries.Span));
        try
        {
            await AppendAsync(id, add, Announcement.Of(_key, id, entries.Span[^1].Event, _keep));
        }
        finally
        {
            _isWaiting = false;
        }

        _recent.Add(id, add);
        NextOffset += entries.Length;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task AppendAsync(EntryId id, RespCommand add, RespCommand[] announcement)
    {
        try
        {
            // A server that was away may have forgotten what this comes behind, so that it looks first on every new connection.
            if (await _stored.TryAddAsync(_generation, add, announcement))
                return;
        }
        catch (IOException exception) when (Outage.IsOne(exception))
        {
            _isWaiting = true;
            AppendInDoubt(_task, exception.Message);
        }

        await Outage.WaitOutAsync(() => ResolveAsync(id, add, announcement), _outage, _time, CancellationToken.None);
    }

    /// <summary>Finds out whether an element was written, and writes it if it was not.</summary>
    private async Task<bool> ResolveAsync(EntryId id, RespCommand add, RespCommand[] announcement)
    {
        _generation = _connection.Generation;
        var top = await _stored.TopAsync(CancellationToken.None) ?? throw new LogNotFoundException(_task);
        if (top.Id.Epoch > _epoch || top.Id > id)
            throw new StaleEpochException(_task, _epoch);

        if (top.Id < _recent.Last)
            await RepeatAsync(top);

        // Announced once more: the first announcement may be what was lost.
        return top.Id == id
            ? !(await _connection.SendAsync(announcement, CancellationToken.None))[0].IsNull
            : await _stored.TryAddAsync(_generation, add, announcement) || await ResolveAsync(id, add, announcement);
    }

    /// <summary>Writes again what was acknowledged, and lost since.</summary>
    private async Task RepeatAsync(StoredBatch top)
    {
        var lost = _recent.After(top.Id);
        var left = await _stored.LastBatchAsync(top, CancellationToken.None);
        if ((left?.LastOffset ?? 0) + 1 != (lost.Count > 0 ? lost[0].Id.Offset : NextOffset))
            throw new IOException($"Redis has lost more of task {_task}'s log than is kept here to repeat.");

        LogRepeated(_task, lost.Count, top.Id.ToString());
        foreach (var (_, add) in lost)
            await _stored.TryAddAsync(_generation, add);
    }

    [LoggerMessage(1, LogLevel.Warning, "Whether Redis took a batch of task {TaskId} is unknown, and is found out: {Reason}")]
    private partial void AppendInDoubt(TaskId taskId, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Redis has lost the end of task {TaskId}'s log; {Count} batches after {Top} are written again")]
    private partial void LogRepeated(TaskId taskId, int count, string top);
}
