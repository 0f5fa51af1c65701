using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The frames of one rendering: encoded when a reader needs them, and kept in a window. Used in the turns of its rendering only, except <see cref="Start"/>.</summary>
internal sealed class RenderingFrames(RenderingSource source, RenderingCache cache)
{
    private const int FoldBytes = 256 << 10;

    private readonly FrameLog _log = new(cache.AddBytes);

    /// <summary>The first position of the window. From any thread.</summary>
    public long Start => _log.Start;

    /// <summary>The position after the last frame.</summary>
    public long End => _log.End;

    /// <summary>Encoded bytes held now. From any thread.</summary>
    public long Bytes => _log.Bytes;

    /// <summary>Why a reader that has written everything up to a position ends now; <see langword="null"/> while more frames may come.</summary>
    public StreamOutcome? FindOutcome(long position) =>
        source.Failure is not null ? StreamOutcome.LogFailed
        : !source.IsCompleted || position < 0 || position < _log.End ? null
        : source.HasTaskFailed ? StreamOutcome.TaskFailed
        : StreamOutcome.Completed;

    /// <summary>Whether the frame after what a client has seen may still be encoded.</summary>
    public bool IsAhead(ResumePoint seen) => !source.IsCompleted && !_log.Reaches(seen);

    /// <summary>Whether the whole task is shorter than what a client has seen: the rest of the log was lost, and this is not its end.</summary>
    public bool IsTruncated(ResumePoint seen) => source.IsCompleted && seen.Count is null && !_log.Reaches(seen);

    /// <summary>Finds the position after what a client has seen.</summary>
    /// <returns><see langword="false"/> when it is before the window.</returns>
    public bool TryLocate(ResumePoint seen, out long position) => _log.TryLocate(seen, out position);

    /// <summary>The frames at a position, at most <paramref name="limit"/> bytes; empty when there are none yet.</summary>
    public ReadOnlyMemory<byte> Read(long position, int limit) => _log.Read(position, limit);

    /// <summary>Drops the frames before a window of the newest ones.</summary>
    public void Trim(int window) => _log.Trim(window);

    /// <summary>Encodes the next entries, about <see cref="FoldBytes"/> at most.</summary>
    /// <param name="isPaused">Whether the limit was reached: there may be more entries now.</param>
    /// <returns>Whether there is something new for the waiting readers: frames, the end or a failure.</returns>
    public bool Encode(out bool isPaused)
    {
        // Trimmed before, not after: the frames that the waiting readers are about to write stay, however small the window.
        _log.Trim(cache.WindowBytes);
        var before = (_log.End, _log.LastEntry);
        while (_log.End - before.End < FoldBytes && source.TryEncode(out var frames, out var count))
            _log.Append(frames, count);

        isPaused = _log.End - before.End >= FoldBytes;
        return source.IsCompleted || source.Failure is not null || (_log.End, _log.LastEntry) != before;
    }

    /// <summary>Discards the frames and ends the source.</summary>
    public void Free()
    {
        source.Dispose();
        _log.Clear();
    }
}
