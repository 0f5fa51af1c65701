using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>All streams of this process: creates, finds, feeds, reads, closes, lists and cleans them up. Safe to call from any thread.</summary>
public sealed class StreamManager(
    IEventLog log, ITaskStore tasks, IFileStore files, IOptions<StreamOptions> options, TimeProvider time,
    IEventFeed? feed = null, IReaderDirectory? readers = null)
{
    private const int PageRecords = 1000;

    private readonly ConcurrentDictionary<TaskId, TaskStream> _streams = new();
    private readonly StreamFollowers? _followers = feed is null ? null : new(feed);

    /// <summary>Who reads which task now. While somebody does, the task is not cleaned up.</summary>
    public StreamReaders Readers { get; } = new(readers);

    /// <summary>How far tasks have come, wherever they are written.</summary>
    public LogHeads Heads => field ??= new(this, tasks, time, feed);

    /// <summary>How many tasks are read here that are written elsewhere.</summary>
    public int Followed => _followers?.Count ?? 0;

    internal IEventLog Log => log;

    /// <summary>Opens the task's stream for writing in this epoch. The task is readable from here on.</summary>
    /// <exception cref="InvalidOperationException">It is open already: ids are never reused.</exception>
    /// <exception cref="StaleEpochException">A newer attempt owns the task.</exception>
    public ValueTask<TaskStream> CreateAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        ContinueAsync(task, epoch, LogSummary.Empty, isShared: false, cancellationToken);

    /// <summary>As <see cref="CreateAsync"/>, for a task that has said something before; it may turn out to have ended.</summary>
    /// <param name="task">The task.</param>
    /// <param name="epoch">The attempt that is to write.</param>
    /// <param name="before">What its log said when it was last read.</param>
    /// <param name="isShared">Whether others append to its log as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<TaskStream> ContinueAsync(TaskId task, long epoch, LogSummary before, bool isShared, CancellationToken cancellationToken)
    {
        if (_streams.ContainsKey(task))
            throw new InvalidOperationException($"Task {task} has an open stream already; every task needs an id of its own.");

        var writer = await log.OpenAsync(task, epoch, cancellationToken);

        // An earlier attempt may have gone on until this one fenced it.
        if (writer.NextOffset - 1 != before.LastOffset)
            before = await LogSummary.ReadAsync(log, task, cancellationToken);

        var stream = new TaskStream(task, writer, before, options.Value, time, isShared ? log : null);
        if (!_streams.TryAdd(task, stream))
            throw new InvalidOperationException($"Task {task} has an open stream already; every task needs an id of its own.");

        _followers?.Stop(task);
        if (isShared && feed is not null)
            _ = ListenAsync(stream, feed);

        return stream;
    }

    /// <summary>The stream of a task that has not ended, or <see langword="null"/>.</summary>
    public TaskStream? Find(TaskId task) => _streams.GetValueOrDefault(task);

    /// <summary>Publishes an event of a task, waiting for room in its inbox.</summary>
    /// <exception cref="PublishException">It was not taken: full, closed, unknown task …</exception>
    public ValueTask PublishAsync(TaskId task, StreamEvent streamEvent, CancellationToken cancellationToken) =>
        Find(task) is { } stream
            ? stream.PublishAsync(streamEvent, cancellationToken)
            : throw new PublishException(PublishFailure.UnknownTask, task);

    /// <summary>Ends a task's stream with a terminal event, unless another one was first.</summary>
    /// <returns>Whether <paramref name="terminal"/> is the one that was written.</returns>
    /// <exception cref="PublishException">The task is unknown, or the store could not write.</exception>
    public async ValueTask<bool> CloseAsync(TaskId task, StreamEvent terminal)
    {
        var stream = Find(task) ?? throw new PublishException(PublishFailure.UnknownTask, task);
        var won = await stream.CompleteAsync(terminal);
        Release(stream);
        return won;
    }

    /// <summary>The tasks that have not ended.</summary>
    public IReadOnlyCollection<TaskId> ListActive() => [.. _streams.Keys];

    /// <summary>The log of a task whose events come from outside.</summary>
    public SharedLog Share(TaskId task) => new(task, this, options.Value.MaxEventBytes, time);

    /// <summary>A cursor that reads on after <paramref name="offset"/>; 0 reads from the beginning.</summary>
    public StreamCursor Read(TaskId task, long offset) => new(task, offset, this);

    /// <summary>Deletes tasks that ended at least <paramref name="age"/> ago, never one that runs or is being read.</summary>
    /// <param name="age">Time since the end.</param>
    /// <param name="owner">Only this owner's tasks; <see langword="null"/> for everybody's.</param>
    /// <param name="cancellationToken">Stops between two tasks.</param>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> CleanUpAsync(TimeSpan age, string? owner, CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var record in ListEndedAsync(owner, time.GetUtcNow() - age, cancellationToken))
            deleted += await DeleteUnreadAsync(record.Id, cancellationToken) ? 1 : 0;

        return deleted;
    }

    /// <summary>Deletes ended tasks, oldest first, until those that are left keep at most <paramref name="maxBytes"/> of events and files; never one that is being read.</summary>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> TrimAsync(long maxBytes, CancellationToken cancellationToken)
    {
        List<(TaskId Id, DateTimeOffset? EndedAt, long Bytes)> ended = [];
        await foreach (var record in ListEndedAsync(null, time.GetUtcNow(), cancellationToken))
            ended.Add((record.Id, record.EndedAt, record.Bytes + record.Files.Sum(file => file.Size)));

        var bytes = ended.Sum(task => task.Bytes);
        var deleted = 0;
        foreach (var task in ended.OrderBy(task => task.EndedAt).TakeWhile(_ => bytes > maxBytes))
        {
            if (await Readers.CountAllAsync(task.Id, cancellationToken) > 0)
                continue;

            // Another node may have deleted it: it is gone all the same.
            deleted += await DeleteAsync(task.Id, cancellationToken) ? 1 : 0;
            bytes -= task.Bytes;
        }

        return deleted;
    }

    /// <summary>Deletes a task that has ended: its record first, so that it cannot be found half-gone, then its events and files.</summary>
    /// <returns><see langword="false"/> when there is no such task.</returns>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public async ValueTask<bool> DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (Find(task) is not null)
            throw new InvalidOperationException($"Task {task} has not ended; stop it first.");
        if (!await tasks.DeleteAsync(task, cancellationToken))
            return false;

        await log.DeleteAsync(task, CancellationToken.None);
        await files.DeleteAsync(task, CancellationToken.None);
        return true;
    }

    /// <summary>The task's stream, unless it is written elsewhere or nowhere by now.</summary>
    internal TaskStream? FindWritten(TaskId task) => Find(task) is { Live.Failure: null } stream ? stream : null;

    internal void Release(TaskStream stream) => _streams.TryRemove(new(stream.Id, stream));

    /// <summary>Lets a cursor read what is written here, if it is.</summary>
    internal LiveTail? EnterWritten(TaskId task, StreamCursor cursor)
    {
        var live = Find(task)?.Live;
        live?.Attach(cursor);
        return live;
    }

    /// <summary>Finds where a task goes on whose live end here is over, or where there was none.</summary>
    /// <returns><see langword="null"/> when it goes on nowhere.</returns>
    internal LiveTail? EnterNext(TaskId task, LiveTail? ended, StreamCursor cursor)
    {
        if (ended?.Failure is not (null or StaleEpochException or OperationCanceledException))
            return null;
        if (FindWritten(task) is not { Live.HasEnded: false } stream)
            return _followers?.Enter(task, cursor);

        // What it has read beyond the log that is gone on with was lost: others come in its place.
        if (cursor.Position > stream.Live.Start && ended is not null)
            return null;

        stream.Live.Attach(cursor);
        return stream.Live;
    }

    internal void Leave(TaskId task, LiveTail live, StreamCursor cursor)
    {
        if (_followers is null)
            live.Detach(cursor);
        else
            _followers.Leave(task, live, cursor);
    }

    private async IAsyncEnumerable<TaskRecord> ListEndedAsync(string? owner, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (TaskId? last = null; ;)
        {
            var page = await tasks.ListAsync(new() { Owner = owner, EndedBefore = before, Before = last, Limit = PageRecords }, cancellationToken);
            foreach (var record in page)
                yield return record;

            if (page.Count < PageRecords)
                yield break;

            last = page[^1].Id;
        }
    }

    private async ValueTask<bool> DeleteUnreadAsync(TaskId task, CancellationToken cancellationToken) =>
        await Readers.CountAllAsync(task, cancellationToken) == 0 && await DeleteAsync(task, cancellationToken);

    /// <summary>Lets a stream know of what other processes append to its log.</summary>
    private static async Task ListenAsync(TaskStream stream, IEventFeed feed)
    {
        using var closed = new CancellationTokenSource();
        var hearing = HearAsync(stream, feed, closed.Token);
        await stream.Closed;
        await closed.CancelAsync();
        await hearing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task HearAsync(TaskStream stream, IEventFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var _ in feed.FollowAsync(stream.Id, stream.Head, cancellationToken))
            stream.CatchUp();
    }
}
