using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>The end of a log where it grows: its newest entries, and the cursors that wait for more. One writer, any number of readers.</summary>
internal sealed class LiveTail(long nextOffset)
{
    private readonly Tail _tail = new(nextOffset);
    private readonly Lock _cursorsLock = new();
    private StreamCursor[] _cursors = [];
    private volatile bool _ended;
    private volatile Exception? _failure;

    /// <summary>The last offset that was there before.</summary>
    public long Start { get; } = nextOffset - 1;

    /// <summary>The last offset there is.</summary>
    public long Head => _tail.Head;

    /// <summary>The last entry there is.</summary>
    public StreamEntry Newest => _tail.TryRead(Head - 1, out var last) ? last.Span[^1] : default;

    /// <summary>Whether nothing more comes here.</summary>
    public bool HasEnded => _ended;

    /// <summary>Why nothing more comes, when it is not because the task has ended.</summary>
    public Exception? Failure => _failure;

    /// <summary>The entries after <paramref name="offset"/> that lie together.</summary>
    /// <returns><see langword="false"/> when the first of them has to be read from the log; empty at the head.</returns>
    public bool TryRead(long offset, out ReadOnlyMemory<StreamEntry> entries) => _tail.TryRead(offset, out entries);

    /// <summary>Shows entries to all readers.</summary>
    public void Append(ReadOnlySpan<StreamEntry> entries)
    {
        _tail.Append(entries);
        Notify();
    }

    /// <summary>Nothing more comes: the task has ended, or it failed here.</summary>
    public void End(Exception? failure)
    {
        _failure = failure;
        _ended = true;
        Notify();
    }

    public void Attach(StreamCursor cursor)
    {
        lock (_cursorsLock)
            _cursors = [.. _cursors, cursor];
    }

    /// <returns>Whether it was the last.</returns>
    public bool Detach(StreamCursor cursor)
    {
        lock (_cursorsLock)
        {
            _cursors = [.. _cursors.Where(other => other != cursor)];
            return _cursors.Length == 0;
        }
    }

    private void Notify()
    {
        foreach (var cursor in Volatile.Read(ref _cursors))
            cursor.Notify();
    }
}
