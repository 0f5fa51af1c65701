using System.Collections.Concurrent;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Renderings;

/// <summary>One task in one protocol: each entry is encoded once, for all readers. Encoding goes on while some reader has written every frame so far:
/// as fast as the fastest reader, and it never waits for a slow one. A reader whose position is before the window gets a private rendering
/// (this class again) until it has caught up.</summary>
/// <remarks>Other threads only put readers into the queue and request a turn.</remarks>
internal sealed class Rendering : SerialWork
{
    private const int TurnBytes = 64 << 10;
    private const int WritesPerTurn = 4;

    private readonly RenderingCache _cache;
    private readonly RenderingSource _source;
    private readonly Rendering? _shared;
    private readonly RenderingFrames _frames;
    private readonly ConcurrentQueue<RenderingReader> _queue = new();
    private readonly RenderingReaders _readers = new();
    private readonly Action<RenderingReader> _serve;
    private readonly Action<RenderingReader> _writeHeartbeat;
    private ITimer? _timer;
    private bool _tick;
    private int _shrinkTo = int.MaxValue;
    private long _turnBytes;
    private volatile bool _closed;

    /// <param name="cache">The cache that the rendering belongs to.</param>
    /// <param name="source">The entries, encoded.</param>
    /// <param name="shared">The rendering that the readers of a private one return to; else <see langword="null"/>.</param>
    public Rendering(RenderingCache cache, RenderingSource source, Rendering? shared)
    {
        _cache = cache;
        _source = source;
        _shared = shared;
        _frames = new(source, cache);
        _serve = Serve;
        _writeHeartbeat = WriteHeartbeat;
        _source.Ready = RequestTurn;
    }

    /// <summary>Encoded bytes held now. From any thread.</summary>
    public long Bytes => _frames.Bytes;

    /// <summary>Drops the frames before a window of the newest ones, soon. From any thread.</summary>
    /// <returns>The bytes that are freed.</returns>
    public long Shrink(int window)
    {
        var freed = Bytes - FrameLog.MostBytes(window);
        if (freed <= 0)
            return 0;

        Volatile.Write(ref _shrinkTo, window);
        RequestTurn();
        return freed;
    }

    /// <summary>Adds a reader, or returns one that has finished a write or has to end. From any thread.</summary>
    public void Enqueue(RenderingReader reader)
    {
        _queue.Enqueue(reader);
        RequestTurn();
    }

    /// <summary>Frees the memory. There are no readers any more. From any thread.</summary>
    public void Close()
    {
        _closed = true;
        RequestTurn();
    }

    protected override bool Turn()
    {
        _turnBytes = 0;
        _frames.Trim(Interlocked.Exchange(ref _shrinkTo, int.MaxValue));
        for (var left = _queue.Count; left > 0 && _queue.TryDequeue(out var reader); left--)
            Serve(reader);

        if (Interlocked.Exchange(ref _tick, false))
            Tick();
        if (_readers.AnyWaiting)
            Encode();

        if (!_queue.IsEmpty)
            RequestTurn();
        if (_closed)
            _frames.Free();

        return _turnBytes >= TurnBytes;
    }

    /// <summary>Writes what is encoded, until the reader has all of it, its client takes no more, or others have waited long enough.</summary>
    private void Serve(RenderingReader reader)
    {
        if (reader.Owner != this)
        {
            // It was moved to another rendering while it was in this queue.
            reader.Owner?.Enqueue(reader);
            return;
        }

        if (_readers.Add(reader))
            _timer ??= _cache.CreateTimer(OnTimer);
        if (!reader.TryFinishWrite())
            return;

        _readers.StopWaiting(reader);
        for (var write = 0; write < WritesPerTurn; write++)
        {
            if (!TryLocate(reader))
                return;

            var bytes = _frames.Read(reader.Position, TurnBytes);
            if (bytes.IsEmpty)
            {
                WaitOrComplete(reader);
                return;
            }

            reader.Position += bytes.Length;
            _turnBytes += bytes.Length;
            if (!reader.TryWrite(bytes))
                return;
        }

        _queue.Enqueue(reader);
    }

    /// <summary>Finds the reader's position in the window.</summary>
    /// <returns><see langword="false"/> when there is nothing to write here now: the reader waits, has ended, or is read from another rendering.</returns>
    private bool TryLocate(RenderingReader reader)
    {
        if (reader.Ending is { } outcome)
            return Remove(reader, outcome);

        if (_shared is not null && reader.Position >= 0 && _shared.HasRoomFor(reader.Position))
            return MoveTo(_shared, reader);

        if (reader.Position < 0 && _frames.IsAhead(reader.Seen))
        {
            WaitOrComplete(reader);
            return false;
        }

        if (reader.Position < 0 && _frames.IsTruncated(reader.Seen))
            return Remove(reader, StreamOutcome.LogFailed);

        if (reader.Position < 0 && _frames.TryLocate(reader.Seen, out var position))
            reader.Position = position;

        return reader.Position >= _frames.Start || MoveTo(_cache.CreatePrivate(_source, _shared ?? this), reader);
    }

    private void WaitOrComplete(RenderingReader reader)
    {
        if (_frames.FindOutcome(reader.Position) is { } outcome)
            Remove(reader, outcome);
        else
            _readers.Wait(reader);
    }

    private void Encode()
    {
        var end = _frames.End;
        var isNew = _frames.Encode(out var isPaused);
        _turnBytes += _frames.End - end;
        if (isPaused)
            RequestTurn();
        if (isNew)
            _readers.ResumeWaiting(_serve);
    }

    private void OnTimer()
    {
        Volatile.Write(ref _tick, true);
        RequestTurn();
    }

    private void Tick()
    {
        _readers.CutStalled(_cache.StallTimeout);
        _readers.TakeQuiet(_cache.QuietTime, _writeHeartbeat);
    }

    private void WriteHeartbeat(RenderingReader reader)
    {
        if (reader.TryWrite(SseFrames.Heartbeat))
            _queue.Enqueue(reader);
    }

    private bool HasRoomFor(long position)
    {
        var start = _frames.Start;
        return !_closed && (start == 0 || position - start > _cache.WindowBytes / 4);
    }

    private bool MoveTo(Rendering other, RenderingReader reader)
    {
        Remove(reader);
        reader.Owner = other;
        other.Enqueue(reader);
        return false;
    }

    private bool Remove(RenderingReader reader, StreamOutcome outcome)
    {
        Remove(reader);
        reader.Owner = null;
        reader.Complete(outcome);
        return false;
    }

    private void Remove(RenderingReader reader)
    {
        _readers.Remove(reader);
        if (!_readers.IsEmpty)
            return;

        _timer?.Dispose();
        _timer = null;
        if (_shared is not null)
            _frames.Free();
    }
}
