using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>Writes a task's log in one epoch. Whenever the outcome of an append is unknown, it reads the newest element, whose id shows what happened.</summary>
internal sealed partial class RedisLogWriter : IEventLogWriter
{
    /// <summary>An append that takes longer waits for Redis. It is well below the time that a publisher waits for space in the inbox, and above the time that a busy server takes.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(1);

    private readonly OpenWriters _writers;
    private readonly StoredLog _stored;
    private readonly TaskId _task;
    private readonly long _epoch;
    private readonly LogWriterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecentBatches _recent;
    private readonly Lock _lock = new();
    private Task _previous = Task.CompletedTask;
    private long _appendingSince;

    // The connection since which everything that was written is known to be stored.
    private long _checkedGeneration;

    public RedisLogWriter(StoredLog stored, LogPosition position, LogWriterOptions options, OpenWriters writers, TimeProvider time, ILogger logger)
    {
        _writers = writers;
        _stored = stored;
        _task = position.Task;
        _epoch = position.Epoch;
        _options = options;
        _time = time;
        _logger = logger;
        _recent = new(time);
        _checkedGeneration = writers.Generation;
        NextOffset = (position.Last?.LastOffset ?? 0) + 1;

        // The writer of the batch before may be gone, and cannot write it again.
        var marker = LogElement.Marker(_epoch, options.Node);
        var last = position.Last?.ToElement();
        foreach (var element in last is null ? [marker] : last.Id < marker.Id ? [last, marker] : (LogElement[])[marker, last])
            _recent.Add(element, new(element.Id));
    }

    public event EventHandler<IOException>? Lost;

    public long NextOffset { get; private set; }

    public bool IsWaiting => Volatile.Read(ref _appendingSince) is var since and > 0 && _time.GetElapsedTime(since) >= Prompt;

    public async ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EntryFormat.CheckOffsets(entries.Span, NextOffset);
        if (entries.IsEmpty)
            return;

        var element = LogElement.Batch(_epoch, entries.Span);
        Volatile.Write(ref _appendingSince, _time.GetTimestamp());
        try
        {
            await InTurnAsync(() => AppendAsync(element));
        }
        finally
        {
            Volatile.Write(ref _appendingSince, 0);
        }

        NextOffset += entries.Length;
    }

    /// <summary>Writes again what Redis has lost, if there was another connection since everything was last known to be stored.</summary>
    public Task RepairAsync() => InTurnAsync(() => _writers.Generation == _checkedGeneration ? Task.CompletedTask : WaitOutAsync(TopAsync));

    /// <summary>Raises <see cref="Lost"/>.</summary>
    public void ReportLost(IOException exception) => Lost?.Invoke(this, exception);

    /// <summary>Ends the appends; what was written is watched over for some seconds more.</summary>
    public ValueTask DisposeAsync()
    {
        _ = _writers.RemoveAsync(this);
        return ValueTask.CompletedTask;
    }

    private Task InTurnAsync(Func<Task> work)
    {
        lock (_lock)
            return _previous = AfterAsync(_previous, work);
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await work();
    }

    private async Task AppendAsync(LogElement element)
    {
        LogTop? top = null;
        try
        {
            top = await _stored.TryAppendAsync(_recent.Top, element, CancellationToken.None);
        }
        catch (RedisUnavailableException exception)
        {
            AppendInDoubt(_task, exception.Message);
        }

        _recent.Add(element, top ?? await WaitOutAsync(() => ResolveAsync(element)));
    }

    /// <summary>Finds out whether an element was written, and writes it if it was not.</summary>
    private async Task<LogTop> ResolveAsync(LogElement element)
    {
        while (true)
        {
            var top = await TopAsync();

            // Another writer may have begun the same epoch and have written something else with this id.
            if (top.Id > element.Id || (top.Id == element.Id && !top.Holds(element.Bytes.Span)))
                throw new StaleEpochException(_task, _epoch);

            if (top.Id == element.Id)
            {
                await _stored.PublishAsync(element.Id, CancellationToken.None);
                return new(element.Id);
            }

            if (await _stored.TryAppendAsync(new(_recent.Top.Id), element, CancellationToken.None) is { } appended)
                return appended;
        }
    }

    /// <summary>The newest element, once everything that was acknowledged is stored.</summary>
    private async Task<StoredBatch> TopAsync()
    {
        while (true)
        {
            var generation = _writers.Generation;
            var top = await _stored.TopAsync(CancellationToken.None);
            if (top?.Id.Epoch > _epoch)
                throw new StaleEpochException(_task, _epoch);

            if (top is { } newest && !(newest.Id < _recent.Top.Id))
            {
                _checkedGeneration = generation;
                return newest;
            }

            await RepeatAsync(top);
        }
    }

    /// <summary>Writes again what was acknowledged and lost since, each element after its predecessor.</summary>
    private async Task RepeatAsync(StoredBatch? top)
    {
        var lost = _recent.After(top?.Id ?? default);
        var left = top is { } newest ? (await _stored.LastBatchAsync(newest, CancellationToken.None))?.LastOffset ?? 0 : 0;
        if (left + 1 != lost.Where(element => !element.Id.IsMarker).Select(element => element.Id.Offset).FirstOrDefault(NextOffset))
            throw top is null ? new LogNotFoundException(_task) : new LogTruncatedException(_task);

        LogRepeated(_task, lost.Count, $"{top?.Id}");
        LogTop? previous = new(top?.Id ?? await RecreateAsync(lost[0].Id.Epoch));
        foreach (var element in lost)
        {
            if (element.Id > previous.Value.Id)
                previous = await _stored.TryAppendAsync(previous.Value, element, CancellationToken.None);
            if (previous is null)
                return;
        }
    }

    /// <summary>Creates the log again, if it was not deleted.</summary>
    /// <returns>The id of its first element.</returns>
    private async Task<EntryId> RecreateAsync(long epoch)
    {
        if (!await _options.IsKeptAsync(_task, _epoch))
            throw new LogNotFoundException(_task);

        var marker = LogElement.Marker(epoch, _options.Node);
        await _stored.TryMarkAsync(marker, CancellationToken.None);
        return marker.Id;
    }

    private Task<T> WaitOutAsync<T>(Func<Task<T>> attempt) => Outage.WaitOutAsync(attempt, _options.Outage, _time, CancellationToken.None);

    [LoggerMessage(1, LogLevel.Warning, "Whether Redis took a batch of task {TaskId} is unknown; the newest element of the log is read: {Reason}")]
    private partial void AppendInDoubt(TaskId taskId, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Redis has lost the end of task {TaskId}'s log; {Count} elements after {Top} are written again")]
    private partial void LogRepeated(TaskId taskId, int count, string top);
}
