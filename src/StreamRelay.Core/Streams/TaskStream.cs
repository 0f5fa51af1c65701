using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Writes a task's log: events are queued, appended in batches, then shown to the readers.
/// Exactly one terminal event ends the stream. Every method is safe to call from any thread.</summary>
public class TaskStream
{
    private readonly Inbox _inbox;
    private readonly EventIntake _intake;
    private readonly StreamTotals _totals;
    private readonly Task _pump;
    private StreamEvent? _terminal;
    private IOException? _lost;

    internal TaskStream(TaskId id, IEventLogWriter writer, LogSummary before, StreamOptions options, TimeProvider time, TailMemory memory)
    {
        Id = id;
        Live = new(writer.NextOffset, memory);
        Ending = before.Terminal;
        _terminal = before.Terminal?.Event;
        _totals = new(before);
        _inbox = new(options.InboxCapacity, options.InboxBytes, memory.Budget);
        _intake = new(this, _inbox, writer, _totals, options, time);
        if (_terminal is not null)
            _inbox.Close();

        writer.Lost += (_, exception) => Fail(exception);

        _pump = StartPump(() => CreatePump(_inbox, writer, before.LastTime, time).RunAsync());
    }

    /// <summary>The task.</summary>
    public TaskId Id { get; }

    /// <summary>The offset of the last durable entry, 0 when there is none.</summary>
    public long Head => Live.Head;

    /// <summary>Whether its terminal event is durable.</summary>
    public bool IsCompleted => Live.HasEnded && Live.Failure is null && Terminal is not null;

    /// <summary>Bytes of all events of the task, earlier attempts included.</summary>
    public long Bytes => _totals.Bytes;

    /// <summary>Bytes of text of the task: answer, reasoning and tool arguments.</summary>
    public long TextBytes => _totals.TextBytes;

    /// <summary>The tokens last reported, or <see langword="null"/>.</summary>
    public TaskUsage? Usage => _totals.Usage;

    /// <summary>Completes when the task has exceeded <see cref="StreamOptions.MaxTaskBytes"/>.</summary>
    public Task LimitReached => _intake.LimitReached;

    internal LiveTail Live { get; }

    /// <summary>Completes when nothing more is written here: the stream has ended or was detached, or its log failed.</summary>
    internal Task Closed => _pump;

    /// <summary>The terminal entry of the log.</summary>
    internal StreamEntry? Ending { get; set; }

    /// <summary>The terminal event that was accepted first; it may not be durable yet.</summary>
    internal StreamEvent? Terminal => Volatile.Read(ref _terminal);

    /// <summary>Queues an event, waiting at most <see cref="StreamOptions.PublishTimeout"/> for room. On return it is queued, not yet durable.</summary>
    /// <exception cref="PublishException">It was not accepted; <see cref="PublishException.Failure"/> is the reason.</exception>
    public ValueTask PublishAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        return _intake.PublishAsync(streamEvent, cancellationToken);
    }

    /// <summary>Queues an event without waiting.</summary>
    /// <returns><see langword="false"/> when the event was not accepted, for any reason.</returns>
    public bool TryPublish(StreamEvent streamEvent)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        return _intake.TryPublish(streamEvent);
    }

    /// <summary>Waits until all events that were published before this call are durable.</summary>
    /// <exception cref="PublishException">The store could not write them.</exception>
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

    /// <summary>Ends the stream. The first terminal event wins; a later call waits for that one. On return all accepted events are durable.</summary>
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

    /// <summary>The usage that has to be published before the terminal event.</summary>
    /// <returns>A <c>usage</c> event with estimated numbers; <see langword="null"/> when usage was reported, or the stream has a terminal event.</returns>
    internal StreamEvent? FindMissingUsage(TaskInput input) => Terminal is null ? _totals.ToSummary(null).FindMissingUsage(input) : null;

    /// <summary>What the log of a completed stream contains.</summary>
    internal LogSummary Summarize() => _totals.ToSummary(Ending!.Value);

    /// <summary>Accepts only usage and the terminal event from here on.</summary>
    internal void CloseOutput() => _intake.CloseOutput();

    /// <summary>Closes the stream without a terminal event: the task continues elsewhere or after a restart. On return all accepted events are durable, or the log failed.</summary>
    internal async ValueTask DetachAsync()
    {
        _inbox.Close();
        await _pump;
    }

    /// <summary>Throws when the store has lost entries that were shown.</summary>
    internal void ThrowIfLost()
    {
        if (Volatile.Read(ref _lost) is { } lost)
            throw lost;
    }

    /// <summary>Why an event is not accepted after a failure of the log.</summary>
    internal static PublishFailure ToPublishFailure(Exception failure) =>
        failure is StaleEpochException ? PublishFailure.StaleEpoch : PublishFailure.Storage;

    private protected virtual StreamPump CreatePump(Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time) =>
        new(this, inbox, writer, lastTime, time);

    /// <summary>Ends the stream, because the store has lost entries that were shown.</summary>
    private protected void Fail(IOException lost)
    {
        Volatile.Write(ref _lost, lost);
        WakePump();
    }

    /// <summary>Wakes the pump without an event.</summary>
    private protected void WakePump() => _inbox.TryWrite(new(null, null));

    /// <summary>Ends the stream with a terminal entry that another writer has appended.</summary>
    private protected void SetEnding(in StreamEntry entry)
    {
        Ending = entry;
        Volatile.Write(ref _terminal, entry.Event);
        _inbox.Close();
    }

    /// <summary>Counts an event that another writer has appended.</summary>
    private protected void AddAppended(StreamEvent streamEvent) => _intake.AddAppended(streamEvent);

    private static Task StartPump(Func<Task> pump)
    {
        // The pump outlives the request that opens the stream, so it must not keep the ambient values of that request.
        using AsyncFlowControl? separately = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return Task.Run(pump);
    }

    private async ValueTask WaitForEndAsync()
    {
        await _pump;
        if (Live.Failure is { } failure)
            throw new PublishException(ToPublishFailure(failure), Id, failure);
    }
}
