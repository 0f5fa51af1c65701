using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Reads a task's log forward from an offset. Running and ended tasks are read in the same way. Not safe for concurrent use; dispose it to end reading.</summary>
public sealed class StreamCursor : IDisposable, ITailObserver
{
    private readonly TaskId _task;
    private readonly StreamManager _streams;

    // Holds one notification at most: the entries stay in the log, so that a second one would add nothing.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private LiveTail? _live;

    internal StreamCursor(TaskId task, long offset, StreamManager streams)
    {
        _task = task;
        _streams = streams;
        Position = offset;
        _live = streams.EnterWritten(task, this);
    }

    /// <summary>The offset of the last entry read.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the terminal event was read.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The next entries, if they are in memory. Valid until the next read.</summary>
    /// <returns><see langword="false"/> when there are none now, or when they have to be read from the log.</returns>
    public bool TryRead(out ReadOnlyMemory<StreamEntry> entries)
    {
        entries = default;
        return _live is not null && _live.TryRead(Position, out entries) && Advance(entries);
    }

    /// <summary>The next entries, as soon as there are any; empty after the terminal entry was read.</summary>
    /// <exception cref="IOException">The log failed or was deleted.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!IsCompleted)
        {
            _signal.Reader.TryRead(out _);

            // Read before the tail: an entry that is appended in between is found by one of the two reads.
            var live = _live;
            var ended = live?.HasEnded ?? true;
            if (TryRead(out var entries))
                return entries;

            if (live is null || Position < live.Head)
            {
                entries = await _streams.ReadStoredAsync(_task, Position, live?.Head ?? Position, cancellationToken);
                if (Advance(entries))
                    return entries;
            }

            if (ended)
                Follow();
            else
                await _signal.Reader.WaitToReadAsync(cancellationToken);
        }

        return default;
    }

    /// <summary>Ends reading: the cursor is not notified of new entries any more.</summary>
    public void Dispose()
    {
        if (_live is { } live)
            _streams.Leave(_task, live, this);

        _live = null;
    }

    void ITailObserver.OnAppended() => _signal.Writer.TryWrite(true);

    /// <summary>Attaches the cursor to the stream that continues the task, here or on another node.</summary>
    private void Follow()
    {
        var ended = _live;
        Dispose();
        _live = _streams.EnterNext(_task, ended, this)
            ?? throw new IOException($"The log of task {_task} stops at {Position} without an end.", ended?.Failure);
    }

    private bool Advance(ReadOnlyMemory<StreamEntry> entries)
    {
        if (entries.IsEmpty)
            return false;

        ref readonly var last = ref entries.Span[^1];
        Position = last.Offset;
        IsCompleted = last.Event.Kind.IsTerminal();
        return true;
    }
}
