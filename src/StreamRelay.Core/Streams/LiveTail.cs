using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>The newest entries of a log that is being written, and the observers that wait for more. One writer, any number of readers.</summary>
internal sealed class LiveTail(long nextOffset, TailMemory memory)
{
    private readonly Tail _tail = new(nextOffset, memory);
    private readonly Lock _observersLock = new();
    private ITailObserver[] _observers = [];
    private bool _released;
    private volatile bool _ended;
    private volatile Exception? _failure;

    /// <summary>The last offset before the first entry of this tail.</summary>
    public long Start { get; } = nextOffset - 1;

    /// <summary>The offset of the newest entry.</summary>
    public long Head => _tail.Head;

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
            CloseUnread();
            return _observers.Length == 0;
        }
    }

    /// <summary>The task has no stream here any more: the entries are kept, and counted, until the last reader has left.</summary>
    public void Release()
    {
        lock (_observersLock)
        {
            _released = true;
            CloseUnread();
        }
    }

    private void CloseUnread()
    {
        if (_released && _observers.Length == 0)
            _tail.Close();
    }

    private void Notify()
    {
        foreach (var observer in Volatile.Read(ref _observers))
            observer.OnAppended();
    }
}
