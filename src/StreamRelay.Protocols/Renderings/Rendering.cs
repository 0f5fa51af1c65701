using System.Collections.Concurrent;

namespace StreamRelay.Protocols.Sse;

/// <summary>One task in one protocol: each entry is encoded once, for all readers. It encodes on while some reader has everything so far:
/// as fast as the fastest reader, and never waits for a slow one. A reader that falls out of the window gets a private rendering
/// (this class again) until it has caught up.</summary>
/// <remarks>Everything happens in turns, one at a time, on the thread pool; other threads only leave something in the queue and wake it.</remarks>
internal sealed class Rendering : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Dirty = 2;
    private const int TurnBytes = 64 << 10;
    private const int FoldBytes = 256 << 10;
    private const int WritesPerTurn = 4;

    private readonly RenderingCache _cache;
    private readonly RenderingSource _source;
    private readonly Rendering? _shared;
    private readonly FrameLog _frames;
    private readonly ConcurrentQueue<RenderingReader> _queue = new();
    private readonly HashSet<RenderingReader> _readers = [];
    private List<RenderingReader> _waiting = [];
    private List<RenderingReader> _served = [];
    private ITimer? _timer;
    private int _state;
    private bool _tick;
    private volatile bool _closed;

    public Rendering(RenderingCache cache, RenderingSource source, Rendering? shared)
    {
        _cache = cache;
        _source = source;
        _shared = shared;
        _frames = new(cache.AddBytes);
        _source.Ready = Wake;
    }

    /// <summary>Hands a reader over: one that is new, has written, or has to leave. From any thread.</summary>
    public void Enqueue(RenderingReader reader)
    {
        _queue.Enqueue(reader);
        Wake();
    }

    /// <summary>Frees everything; there are no readers any more. From any thread.</summary>
    public void Close()
    {
        _closed = true;
        Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            Turn();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _state, Dirty) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Turn()
    {
        for (var left = _queue.Count; left > 0 && _queue.TryDequeue(out var reader); left--)
            Serve(reader);

        if (Interlocked.Exchange(ref _tick, false))
            Tick();
        if (_waiting.Count > 0 && Fold())
            ServeWaiting();

        if (!_queue.IsEmpty)
            Wake();
        if (_closed)
            Free();
    }

    private void Serve(RenderingReader reader)
    {
        if (reader.Owner != this)
        {
            // It has moved on while it stood in this queue.
            reader.Owner?.Enqueue(reader);
            return;
        }

        if (_readers.Add(reader))
            _timer ??= _cache.CreateTimer(OnTimer);
        if (!reader.TryFinishWrite())
            return;

        if (reader.IsWaiting)
            _waiting.Remove(reader);

        reader.IsWaiting = false;
        for (var write = 0; write < WritesPerTurn; write++)
        {
            if (!TryPlace(reader))
                return;

            var bytes = _frames.Read(reader.Position, TurnBytes);
            if (bytes.IsEmpty)
            {
                AtHead(reader);
                return;
            }

            reader.Position += bytes.Length;
            if (!reader.TryWrite(bytes))
                return;
        }

        _queue.Enqueue(reader);
    }

    /// <summary>Finds the reader's place in the window; whoever has none there goes elsewhere.</summary>
    private bool TryPlace(RenderingReader reader)
    {
        if (reader.Leaving is { } outcome)
            return Remove(reader, outcome);

        if (_shared is not null && reader.Position >= 0 && _shared.HasRoomFor(reader.Position))
            return MoveTo(_shared, reader);

        if (reader.Position < 0 && !_frames.Reaches(reader.Seen) && !_source.IsCompleted)
        {
            AtHead(reader);
            return false;
        }

        // All there is does not reach what was seen: that was lost, and this is not its end.
        if (reader.Position < 0 && reader.Seen.Count is null && !_frames.Reaches(reader.Seen))
            return Remove(reader, StreamOutcome.LogFailed);

        if (reader.Position < 0 && _frames.TryLocate(reader.Seen, out var position))
            reader.Position = position;

        return reader.Position >= _frames.Start || MoveTo(_cache.CreatePrivate(_source, _shared ?? this), reader);
    }

    private void AtHead(RenderingReader reader)
    {
        if (_source.Failure is not null)
            Remove(reader, StreamOutcome.LogFailed);
        else if (_source.IsCompleted && reader.Position >= 0 && reader.Position >= _frames.End)
            Remove(reader, _source.HasTaskFailed ? StreamOutcome.TaskFailed : StreamOutcome.Completed);
        else
            Wait(reader);
    }

    private void Wait(RenderingReader reader)
    {
        reader.IsWaiting = true;
        _waiting.Add(reader);
    }

    private void ServeWaiting()
    {
        (_waiting, _served) = (_served, _waiting);
        foreach (var reader in _served)
        {
            reader.IsWaiting = false;
            Serve(reader);
        }

        _served.Clear();
    }

    /// <summary>Encodes what comes next, about a quarter of a megabyte at the most.</summary>
    /// <returns>Whether there is something new for the waiting readers: frames, the end or a failure.</returns>
    private bool Fold()
    {
        // Before, not after: what the readers at the head are about to get is never dropped, however small the window.
        _frames.Trim(_cache.WindowBytes);
        var before = (_frames.End, _frames.LastEntry);
        while (_frames.End - before.End < FoldBytes && _source.TryEncode(out var frames, out var count))
            _frames.Append(frames, count);

        if (_frames.End - before.End >= FoldBytes)
            Wake();

        return _source.IsCompleted || _source.Failure is not null || (_frames.End, _frames.LastEntry) != before;
    }

    private void Tick()
    {
        foreach (var reader in _readers)
        {
            if (reader.IsWriting && reader.Silence >= _cache.StallTimeout)
                reader.Stall();
            else if (!reader.IsAllowed)
                reader.Release();
        }

        for (var index = _waiting.Count - 1; index >= 0; index--)
        {
            var reader = _waiting[index];
            if (reader.IsInsideFrame || reader.Silence < _cache.QuietTime)
                continue;

            _waiting.RemoveAt(index);
            reader.IsWaiting = false;
            if (reader.TryWrite(SseFrames.Heartbeat))
                _queue.Enqueue(reader);
        }
    }

    private bool HasRoomFor(long position)
    {
        var start = _frames.Start;
        return !_closed && (start == 0 || position - start > _cache.WindowBytes / 4);
    }

    private bool MoveTo(Rendering other, RenderingReader reader)
    {
        Forget(reader);
        reader.Owner = other;
        other.Enqueue(reader);
        return false;
    }

    private bool Remove(RenderingReader reader, StreamOutcome outcome)
    {
        Forget(reader);
        reader.Owner = null;
        reader.Complete(outcome);
        return false;
    }

    private void Forget(RenderingReader reader)
    {
        _readers.Remove(reader);
        if (_readers.Count > 0)
            return;

        _timer?.Dispose();
        _timer = null;
        if (_shared is not null)
            Free();
    }

    private void Free()
    {
        _source.Dispose();
        _frames.Clear();
    }

    private void OnTimer()
    {
        Volatile.Write(ref _tick, true);
        Wake();
    }
}
