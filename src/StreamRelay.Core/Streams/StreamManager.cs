using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The streams of this process: creates, finds, publishes to, reads, closes and lists them. Safe to use from any thread.</summary>
public sealed class StreamManager
{
    private const int PageEntries = 1024;

    private static readonly TimeSpan RecoveryCheck = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<TaskId, TaskStream> _streams = new();
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly IEventFeed? _feed;
    private readonly TailMemory _tails;
    private readonly StreamFollowers? _followers;

    // One large batch can be written while another one is prepared.
    private readonly AppendTurns _turns = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Creates a registry without streams.</summary>
    public StreamManager(IEventLog log, IOptions<StreamOptions> options, TimeProvider time, IEventFeed? feed = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Log = log;
        _options = options.Value;
        _time = time;
        _feed = feed;
        Memory = new(_options.MemoryBytes > 0 ? _options.MemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        _tails = new(Memory, _options.TailBytes);
        Memory.Register(_tails);
        _followers = feed is null ? null : new(feed, _tails);
    }

    /// <summary>The memory that the streams share with everything that is made of them.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>The most bytes of an event.</summary>
    public int MaxEventBytes => _options.MaxEventBytes;

    /// <summary>How many tasks are read here that another process writes.</summary>
    public int Followed => _followers?.Count ?? 0;

    internal IEventLog Log { get; }

    /// <summary>Goes up whenever a shared store may have lost entries.</summary>
    internal long Losses => _feed?.Losses ?? 0;

    /// <summary>Opens the stream of a new task for writing. The task is readable from here on.</summary>
    /// <exception cref="InvalidOperationException">The task has an open stream: ids are never reused.</exception>
    /// <exception cref="StaleEpochException">A newer attempt owns the task.</exception>
    public ValueTask<TaskStream> CreateAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        ContinueAsync(task, epoch, LogSummary.Empty, isExternal: false, cancellationToken);

    /// <summary>Opens the stream of a task whose log may have entries, also a terminal one.</summary>
    /// <param name="task">The task.</param>
    /// <param name="epoch">The attempt that is to write.</param>
    /// <param name="before">What the log contained when it was last read.</param>
    /// <param name="isExternal">Whether other processes append to the log as well.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    internal async ValueTask<TaskStream> ContinueAsync(TaskId task, long epoch, LogSummary before, bool isExternal, CancellationToken cancellationToken)
    {
        if (_streams.ContainsKey(task))
            throw AlreadyOpen(task);

        var writer = new FairLogWriter(await Log.OpenAsync(task, epoch, cancellationToken), _turns);

        // An earlier attempt may have appended until this one fenced it.
        if (writer.NextOffset - 1 != before.LastOffset)
            before = await LogSummary.ReadAsync(Log, task, cancellationToken);

        var stream = isExternal
            ? new ExternalStream(task, writer, before, _options, _time, _tails, Log)
            : new TaskStream(task, writer, before, _options, _time, _tails);
        if (!_streams.TryAdd(task, stream))
            throw AlreadyOpen(task);

        _followers?.Stop(task);
        if (_feed is not null)
            (stream as ExternalStream)?.Follow(_feed);

        return stream;
    }

    /// <summary>The stream of a task that has not ended, or <see langword="null"/>.</summary>
    public TaskStream? Find(TaskId task) => _streams.GetValueOrDefault(task);

    /// <summary>Publishes an event of a task, waiting for room in its inbox.</summary>
    /// <exception cref="PublishException">The event was not accepted: the inbox is full or closed, or no such task runs.</exception>
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

    /// <summary>The log of an external agent's task, for appending to it from this process.</summary>
    public ExternalLog OpenExternalLog(TaskId task) => new(task, this, _options.MaxEventBytes, _time);

    /// <summary>A cursor that reads the entries after <paramref name="offset"/>; 0 reads from the first entry.</summary>
    public StreamCursor Read(TaskId task, long offset) => new(task, offset, this);

    /// <summary>The task's stream, unless its log failed here.</summary>
    internal TaskStream? FindWritten(TaskId task) => Find(task) is { Live.Failure: null } stream ? stream : null;

    /// <summary>The next entries of a log. Waits while the log ends before <paramref name="head"/>, and a shared store may get back what it has lost.</summary>
    /// <exception cref="LogTruncatedException">The log ends before <paramref name="head"/>.</exception>
    internal async ValueTask<ReadOnlyMemory<StreamEntry>> ReadStoredAsync(TaskId task, long offset, long head, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wasRecovering = _feed?.IsRecovering is true;
            var page = await Log.ReadAsync(task, offset, PageEntries, cancellationToken);
            if (!page.IsEmpty || offset >= head)
                return page;
            if (!wasRecovering && _feed?.IsRecovering is not true)
                throw new LogTruncatedException(task);

            await Task.Delay(RecoveryCheck, _time, cancellationToken);
        }
    }

    internal void Release(TaskStream stream)
    {
        _streams.TryRemove(new(stream.Id, stream));
        stream.Live.Release();
    }

    /// <summary>Attaches a cursor to the task's stream, if it is written here.</summary>
    internal LiveTail? EnterWritten(TaskId task, StreamCursor cursor)
    {
        var live = Find(task)?.Live;
        live?.Attach(cursor);
        return live;
    }

    /// <summary>Attaches a cursor to the stream that continues a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="ended">The tail that has ended; <see langword="null"/> when the cursor was attached to none.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns><see langword="null"/> when no stream continues the task.</returns>
    internal LiveTail? EnterNext(TaskId task, LiveTail? ended, StreamCursor cursor)
    {
        if (ended?.Failure is not (null or StaleEpochException or OperationCanceledException))
            return null;
        if (FindWritten(task) is not { Live.HasEnded: false } stream)
            return _followers?.Enter(task, cursor.Position, cursor);

        // The store lost entries that the cursor has read, and other entries take their offsets.
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

    private static InvalidOperationException AlreadyOpen(TaskId task) => new($"Task {task} has an open stream already; every task needs an id of its own.");
}
