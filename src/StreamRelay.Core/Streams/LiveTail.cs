using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>The newest entries of a log that is being written, and the observers that wait for more. One writer, any number of readers.</summary>
internal sealed class LiveTail(long nextOffset)
{
    private readonly Tail _tail = new(nextOffset);
    private readonly Lock _observersLock = new();
    private ITailObserver[] _observers = [];
    private volatile bool _ended;
    private volatile Exception? _failure;

    /// <summary>The last offset before the first entry of this tail.</summary>
    public long Start { get; } = nextOffset - 1;

    /// <summary>The offset of the newest entry.</summary>
    public long Head => _tail.Head;

    /// <summary>The newest entry.</summary>
    public StreamEntry Newest => _tail.TryRead(Head - 1, out var last) ? last.Span[^1] : default;

    /// <summary>Whether no more entries are appended here.</summary>
    public bool HasEnded => _ended;

    /// <summary>The failure that ended the tail; <see langword="null"/> when the task has ended or continues elsewhere.</summary>
    public Exception? Failure => _failure;

    /// <summary>Consecutive entries after <paramref name="offset"/>.</summary>
    /// <returns><see langword="false"/> when the first of them has to be read from the log; empty at the head.</returns>
    public bool TryRead(long offset, out ReadOnlyMemory<StreamEntry> entries) => _tail.TryRead(offset, out entries);

    /// <summary>Appends entries and notifies all readers.</summary>
    public void Append(ReadOnlySpan<StreamEntry> entries)
    {
        _tail.Append(entries);
        Notify();
    }

    /// <summary>Ends the tail and notifies all readers.</summary>
    public void End(Exception? failure)
    {
        _failure = failure;
        _ended = true;
        Notify();
    }

    public void Attach(ITailObserver observer)
    {
        lock (_observersLock)
            _observers = [.. _observers, observer];
    }

    /// <returns>Whether the observer was the last one.</returns>
    public bool Detach(ITailObserver observer)
    {
        lock (_observersLock)
        {
            _observers = [.. _observers.Where(other => other != observer)];
            return _observers.Length == 0;
        }
    }

    private void Notify()
    {
        foreach (var observer in Volatile.Read(ref _observers))
            observer.OnAppended();
    }
}
