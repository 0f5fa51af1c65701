using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The encoded bytes of one task in one protocol: append-only, addressed by absolute byte position, with the end position of each entry.
/// It keeps a window and discards what is before it. Bytes that were written never change and are never reused, so that a slice stays valid while a socket is slow to take it.</summary>
internal sealed class FrameLog(Action<long> sizeChanged)
{
    private const int SmallestSegment = 1 << 10;
    private const int LargestSegment = 64 << 10;

    private readonly List<FrameSegment> _segments = [];
    private readonly List<FrameEnd> _ends = [];
    private FrameEnd _beforeEnds;
    private long _entriesBefore;
    private long _start;
    private long _bytes;

    /// <summary>The first position still held. May be read from any thread.</summary>
    public long Start => Volatile.Read(ref _start);

    /// <summary>Bytes of all segments. May be read from any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The position after the last byte.</summary>
    public long End { get; private set; }

    /// <summary>The offset of the last entry appended.</summary>
    public long LastEntry => _entriesBefore + _ends.Count;

    private FrameEnd LastEnd => _ends.Count > 0 ? _ends[^1] : _beforeEnds;

    /// <summary>The bytes that a window may hold, unless a frame is longer than a segment.</summary>
    public static long MostBytes(int window) => window + LargestSegment;

    /// <summary>Appends the frames of the next entry, which may have none.</summary>
    public void Append(ReadOnlySpan<byte> frames, int count)
    {
        if (!frames.IsEmpty)
        {
            var segment = _segments.Count > 0 ? _segments[^1] : null;
            if (segment is null || !segment.TryAppend(frames))
            {
                // A size that doubles keeps short tasks cheap and long ones in few pieces; frames are never split over two.
                var size = Math.Max(frames.Length, segment is null ? SmallestSegment : Math.Min(segment.Capacity * 2, LargestSegment));
                segment = new(End, size);
                segment.TryAppend(frames);
                _segments.Add(segment);
                AddBytes(size);
            }

            End += frames.Length;
        }

        _ends.Add(new(End, LastEnd.Frames + count));
    }

    /// <summary>The bytes at a position, at most <paramref name="limit"/> bytes, ending with a frame unless one frame is longer than that; empty at the end.</summary>
    public ReadOnlyMemory<byte> Read(long position, int limit)
    {
        if (position >= End)
            return default;

        var rest = _segments[Find(position)].From(position);
        if (rest.Length <= limit)
            return rest;

        var cut = rest.Span[..limit].LastIndexOf("\n\n"u8);
        return rest[..(cut < 0 ? limit : cut + 2)];
    }

    /// <summary>Whether the log holds, or held, the first frame that a client has not seen.</summary>
    public bool Reaches(ResumePoint seen) => seen.Count is { } count ? LastEnd.Frames >= count : LastEntry >= seen.Frame.Offset;

    /// <summary>The position of the first frame that a client has not seen; the end for a client that has seen more than there is.
    /// A frame that its entry does not have counts as the last one of the entry.</summary>
    /// <returns><see langword="false"/> when the position is before the window.</returns>
    public bool TryLocate(ResumePoint seen, out long position)
    {
        var (entry, frames) = seen.Count is { } count ? Whole(count) : Whole(seen.Frame);
        var start = EndOf(entry);
        position = start?.Position ?? -1;
        if (start is null || position < Start)
            return false;

        for (var end = EndOf(Math.Min(entry + 1, LastEntry))!.Value.Position; frames > 0 && position < end; frames--)
            position += Read(position, int.MaxValue).Span.IndexOf("\n\n"u8) + 2;

        return true;
    }

    /// <summary>Discards the oldest bytes until at most <paramref name="window"/> are held, or one segment.</summary>
    public void Trim(int window)
    {
        var drop = 0;
        while (drop < _segments.Count - 1 && End - _segments[drop + 1].Start >= window)
            drop++;
        if (drop == 0)
            return;

        AddBytes(-_segments.Take(drop).Sum(segment => (long)segment.Capacity));
        _segments.RemoveRange(0, drop);
        Volatile.Write(ref _start, _segments[0].Start);
        var discarded = _ends.FindIndex(end => end.Position >= Start);
        if (discarded <= _ends.Count / 2)
            return;

        _beforeEnds = _ends[discarded - 1];
        _ends.RemoveRange(0, discarded);
        _entriesBefore += discarded;
    }

    /// <summary>Discards all bytes.</summary>
    public void Clear()
    {
        AddBytes(-_bytes);
        _segments.Clear();
    }

    /// <summary>The last entry of which all frames were seen, and how many frames of the next one were.</summary>
    private (long Entry, long Frames) Whole(FrameId seen) =>
        seen.Offset > LastEntry ? (LastEntry, 0) : seen.Frame == 0 ? (seen.Offset, 0) : (seen.Offset - 1, seen.Frame);

    private (long Entry, long Frames) Whole(long count)
    {
        if (count < _beforeEnds.Frames)
            return (-1, 0);

        var low = 0;
        for (var high = _ends.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (_ends[middle].Frames <= count)
                low = middle + 1;
            else
                high = middle;
        }

        return (_entriesBefore + low, count - (low == 0 ? _beforeEnds : _ends[low - 1]).Frames);
    }

    private FrameEnd? EndOf(long entry) =>
        entry == 0 ? default(FrameEnd)
        : entry == _entriesBefore ? _beforeEnds
        : entry < _entriesBefore ? null
        : _ends[(int)(entry - _entriesBefore - 1)];

    private void AddBytes(long delta)
    {
        Volatile.Write(ref _bytes, _bytes + delta);
        sizeChanged(delta);
    }

    private int Find(long position)
    {
        var low = 0;
        for (var high = _segments.Count - 1; low < high;)
        {
            var middle = (low + high + 1) / 2;
            if (_segments[middle].Start <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
