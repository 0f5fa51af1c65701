using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>A place in a task's log that moves forward. Live and finished tasks read alike. One reader at a time; dispose it to leave.</summary>
public sealed class StreamCursor : IDisposable
{
    private const int PageEntries = 1024;

    private readonly TaskId _task;
    private readonly StreamManager _streams;

    // A doorbell, not a queue: it holds one ring, and the entries stay in the log.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private LiveTail? _live;

    internal StreamCursor(TaskId task, long offset, StreamManager streams)
    {
        _task = task;
        _streams = streams;
        Position = offset;
        _live = streams.EnterWritten(task, this);
    }

    /// <summary>The offset of the last entry read; reading goes on after it.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the terminal event was read: nothing can follow.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The next entries, if they are in memory. They are valid until the next read.</summary>
    /// <returns><see langword="false"/> when there are none now, or they have to be read from the log.</returns>
    public bool TryRead(out ReadOnlyMemory<StreamEntry> entries)
    {
        entries = default;
        return _live is not null && _live.TryRead(Position, out entries) && Advance(entries);
    }

    /// <summary>The next entries, as soon as there are any; empty once the task has ended and all of it was read.</summary>
    /// <exception cref="IOException">The log failed, or is gone: told apart from idle and ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!IsCompleted)
        {
            _signal.Reader.TryRead(out _);

            // Asked before the tail is read: entries that come in between are seen by one of the two.
            var live = _live;
            var ended = live?.HasEnded ?? true;
            if (TryRead(out var entries))
                return entries;

            if (live is null || Position < live.Head)
            {
                entries = await _streams.Log.ReadAsync(_task, Position, PageEntries, cancellationToken);
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

    /// <summary>Leaves: the cursor is no longer told of new entries.</summary>
    public void Dispose()
    {
        if (_live is { } live)
            _streams.Leave(_task, live, this);

        _live = null;
    }

    internal void Notify() => _signal.Writer.TryWrite(true);

    /// <summary>What is written elsewhere, or was taken over from here, goes on there.</summary>
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
