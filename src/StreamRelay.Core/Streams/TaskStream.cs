using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The one way into a task's log: events are queued, appended in batches, then shown to readers.
/// Exactly one terminal event ends it. Every method is safe to call from any thread.</summary>
public sealed class TaskStream
{
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly IEventLogWriter _writer;
    private readonly Inbox _inbox;
    private readonly Task _pump;
    private readonly TaskCompletionSource _limitReached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamEvent? _terminal;
    private StreamEvent? _usage;
    private long _accepted;
    private long _textBytes;
    private volatile bool _speechClosed;

    /// <summary>Opens a stream; with <paramref name="shared"/> on a log that others append to as well.</summary>
    internal TaskStream(TaskId id, IEventLogWriter writer, LogSummary before, StreamOptions options, TimeProvider time, IEventLog? shared = null)
    {
        Id = id;
        _options = options;
        _time = time;
        _writer = writer;
        _inbox = new(options.InboxCapacity, options.InboxBytes);
        Live = new(writer.NextOffset);
        _accepted = before.Bytes - (before.Terminal?.Event.Size ?? 0);
        _textBytes = before.TextBytes;
        _usage = before.Usage is { } usage ? AgentEvents.Usage(usage) : null;
        Ending = before.Terminal;
        _terminal = before.Terminal?.Event;
        if (_terminal is not null)
            _inbox.Close();

        _pump = Task.Run(() => new StreamPump(this, _inbox, writer, before.LastTime, _time, shared).RunAsync());
    }

    /// <summary>The task.</summary>
    public TaskId Id { get; }

    /// <summary>The offset of the last durable entry, 0 when there is none.</summary>
    public long Head => Live.Head;

    /// <summary>Whether its terminal event is durable.</summary>
    public bool IsCompleted => Live.HasEnded && Live.Failure is null && Terminal is not null;

    /// <summary>Bytes of all events of the task, earlier attempts included.</summary>
    public long Bytes => Volatile.Read(ref _accepted);

    /// <summary>Bytes of text of the task: answer, reasoning and tool arguments.</summary>
    public long TextBytes => Volatile.Read(ref _textBytes);

    /// <summary>The tokens last reported, or <see langword="null"/>.</summary>
    public TaskUsage? Usage => ReadUsage(Volatile.Read(ref _usage));

    /// <summary>Ends when the task has tried to say more than <see cref="StreamOptions.MaxTaskBytes"/>.</summary>
    public Task LimitReached => _limitReached.Task;

    internal LiveTail Live { get; }

    /// <summary>Ends when nothing more is written here: the task has ended, was detached, or its log failed.</summary>
    internal Task Closed => _pump;

    /// <summary>The terminal event as it is in the log.</summary>
    internal StreamEntry? Ending { get; set; }

    internal StreamEvent? Terminal => Volatile.Read(ref _terminal);

    /// <summary>Queues an event, waiting at most <see cref="StreamOptions.PublishTimeout"/> for room. On return it is queued, not yet durable.</summary>
    /// <exception cref="PublishException">It was not taken; <see cref="PublishException.Failure"/> says why.</exception>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        if (streamEvent.Size > _options.MaxEventBytes)
            return PublishLargeAsync(streamEvent, cancellationToken);

        return Refusal(streamEvent) is { } failure ? throw new PublishException(failure, Id)
            : TryWrite(streamEvent) ? ValueTask.CompletedTask
            : WaitAndWriteAsync(streamEvent, cancellationToken);
    }

    /// <summary>Queues an event if that takes no waiting.</summary>
    /// <returns><see langword="false"/> when it was not taken, for whatever reason.</returns>
    public bool TryPublish(StreamEvent streamEvent)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        return streamEvent.Size <= _options.MaxEventBytes && Refusal(streamEvent) is null && TryWrite(streamEvent);
    }

    /// <summary>Waits until all that was published before this call is durable.</summary>
    /// <exception cref="PublishException">The store could not write it.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            var room = _inbox.RoomAsync();
            if (_inbox.TryWrite(new(null, flushed)))
                break;
            if (Terminal is not null || Live.HasEnded)
            {
                await WaitForEndAsync();
                return;
            }

            await room.WaitAsync(cancellationToken);
        }

        await flushed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the stream. The first terminal event wins; whoever comes later waits for that one. On return everything that was accepted is durable.</summary>
    /// <returns>Whether <paramref name="terminal"/> is the one that was written.</returns>
    /// <exception cref="PublishException">The store could not write it.</exception>
    public async ValueTask<bool> CompleteAsync(StreamEvent terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        if (!terminal.Kind.IsTerminal())
            throw new ArgumentException($"A stream ends with end or error, not with {terminal.Kind.ToName()}.", nameof(terminal));

        var won = Interlocked.CompareExchange(ref _terminal, terminal, null) is null;
        _inbox.Close();
        await WaitForEndAsync();
        return won && ReferenceEquals(Ending?.Event, terminal);
    }

    /// <summary>Whether what was said has to be counted before the end.</summary>
    internal bool NeedsUsage => Terminal is null && new LogSummary(0, default, 0, TextBytes, Usage, null).NeedsUsage;

    /// <summary>What the log of an ended task says.</summary>
    internal LogSummary Summarize() => new(Ending!.Value.Offset, Ending.Value.Time, Bytes + Ending.Value.Event.Size, TextBytes, Usage, Ending);

    /// <summary>Shows what others have appended, soon.</summary>
    internal void CatchUp() => _inbox.TryWrite(new(null, null));

    /// <summary>Takes note of an entry that somebody else has appended.</summary>
    internal void Hear(in StreamEntry entry)
    {
        var said = entry.Event;
        if (said.Kind.IsTerminal())
        {
            Ending = entry;
            Volatile.Write(ref _terminal, said);
            _inbox.Close();
            return;
        }

        Count(said);
        if (Bytes > _options.MaxTaskBytes)
            _limitReached.TrySetResult();
    }

    /// <summary>From here on only usage is taken; the terminal event is still to come.</summary>
    internal void CloseOutput() => _speechClosed = true;

    /// <summary>Makes what was accepted durable, then ends without a terminal event: the task goes on elsewhere or after a restart.</summary>
    internal async ValueTask DetachAsync()
    {
        _inbox.Close();
        await _pump;
    }

    private async ValueTask WaitAndWriteAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        for (var began = _time.GetTimestamp(); !await TryWaitAndWriteAsync(streamEvent, cancellationToken);)
        {
            // While the store is away, it is not the agent who is too fast.
            if (!_writer.IsWaiting)
                throw new PublishException(PublishFailure.Full, Id);
            if (_time.GetElapsedTime(began) >= _options.StoreOutage)
                throw new PublishException(PublishFailure.Storage, Id);
        }
    }

    private async ValueTask<bool> TryWaitAndWriteAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.PublishTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                var room = _inbox.RoomAsync();
                if (TryWrite(streamEvent))
                    return true;
                if (Refusal(streamEvent) is { } failure)
                    throw new PublishException(failure, Id);

                await room.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask PublishLargeAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        foreach (var piece in EventSplitter.Split(streamEvent, _options.MaxEventBytes) ?? throw new PublishException(PublishFailure.TooLarge, Id))
            await PublishAsync(piece, cancellationToken);
    }

    private PublishFailure? Refusal(StreamEvent streamEvent)
    {
        if (Live.Failure is { } failed)
            return Reason(failed);
        if (Terminal is not null || Live.HasEnded)
            return PublishFailure.Closed;
        if (streamEvent.Kind is StreamEventKind.Usage)
            return null;
        if (_limitReached.Task.IsCompleted)
            return PublishFailure.OutputLimit;
        if (_speechClosed)
            return PublishFailure.Closed;
        if (Volatile.Read(ref _accepted) + streamEvent.Size <= _options.MaxTaskBytes)
            return null;

        _limitReached.TrySetResult();
        return PublishFailure.OutputLimit;
    }

    private bool TryWrite(StreamEvent streamEvent)
    {
        if (!_inbox.TryWrite(new(streamEvent, null)))
            return false;

        Count(streamEvent);
        return true;
    }

    private void Count(StreamEvent streamEvent)
    {
        Interlocked.Add(ref _accepted, streamEvent.Size);
        if (streamEvent.Kind is StreamEventKind.Usage)
            Volatile.Write(ref _usage, streamEvent);
        else if (streamEvent.Kind.IsText() && streamEvent.Kind is not StreamEventKind.Log)
            Interlocked.Add(ref _textBytes, streamEvent.Content.Length);
    }

    private async ValueTask WaitForEndAsync()
    {
        await _pump;
        if (Live.Failure is { } failure)
            throw new PublishException(Reason(failure), Id, failure);
    }

    private static PublishFailure Reason(Exception failure) =>
        failure is StaleEpochException ? PublishFailure.StaleEpoch : PublishFailure.Storage;

    private static TaskUsage? ReadUsage(StreamEvent? usage) => usage is null ? null : TaskUsage.FromMetadata(usage.Metadata);
}
