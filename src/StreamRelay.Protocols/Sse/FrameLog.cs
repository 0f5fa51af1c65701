namespace StreamRelay.Protocols.Sse;

/// <summary>The encoded bytes of one task in one protocol: append-only, addressed by absolute byte position, with the end position of each entry.
/// Keeps a window; what lies before it is gone. Bytes once written never change and are never reused, so a slice stays valid for a socket that is slow to take it.</summary>
internal sealed class FrameLog(Action<long> sizeChanged)
{
    private const int SmallestSegment = 1 << 10;
    private const int LargestSegment = 64 << 10;

    private readonly List<FrameSegment> _segments = [];
    private readonly List<long> _ends = [];
    private long _entriesBefore;
    private long _start;

    /// <summary>The first position still held. May be read from any thread.</summary>
    public long Start => Volatile.Read(ref _start);

    /// <summary>The position after the last byte.</summary>
    public long End { get; private set; }

    /// <summary>The offset of the last entry appended.</summary>
    public long LastEntry => _entriesBefore + _ends.Count;

    /// <summary>Appends the frames of the next entry; none is fine.</summary>
    public void Append(ReadOnlySpan<byte> frames)
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
                sizeChanged(size);
            }

            End += frames.Length;
        }

        _ends.Add(End);
    }

    /// <summary>What lies at a position, at most <paramref name="limit"/> bytes, ending with a frame unless one frame is longer than that; empty at the end.</summary>
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

    /// <summary>Where reading goes on for someone who has seen up to and including a frame; a frame the entry does not have counts as its last.</summary>
    /// <returns><see langword="false"/> when that place is before the window.</returns>
    public bool TryLocate(FrameId seen, out long position)
    {
        position = EndOf(seen.Frame == 0 ? seen.Offset : seen.Offset - 1);
        if (position < Start)
            return false;

        var end = EndOf(seen.Offset);
        for (var frame = 0; frame < seen.Frame && position < end; frame++)
            position += Read(position, int.MaxValue).Span.IndexOf("\n\n"u8) + 2;

        return true;
    }

    /// <summary>Forgets the oldest bytes until at most <paramref name="window"/> are held, or one segment.</summary>
    public void Trim(int window)
    {
        var drop = 0;
        while (drop < _segments.Count - 1 && End - _segments[drop + 1].Start >= window)
            drop++;
        if (drop == 0)
            return;

        sizeChanged(-_segments.Take(drop).Sum(segment => (long)segment.Capacity));
        _segments.RemoveRange(0, drop);
        Volatile.Write(ref _start, _segments[0].Start);
        var gone = _ends.FindIndex(end => end >= Start);
        if (gone <= _ends.Count / 2)
            return;

        _ends.RemoveRange(0, gone);
        _entriesBefore += gone;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        sizeChanged(-_segments.Sum(segment => (long)segment.Capacity));
        _segments.Clear();
    }

    private long EndOf(long entry) =>
        entry == 0 ? 0 : entry <= _entriesBefore ? -1 : _ends[(int)(entry - _entriesBefore - 1)];

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
