using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>A block of consecutive entries in a <see cref="Tail"/>.</summary>
internal sealed class TailBlock(long firstOffset, int capacity)
{
    private readonly StreamEntry[] _entries = new StreamEntry[capacity];
    private int _count;
    private TailBlock? _next;

    public long FirstOffset => firstOffset;

    public int Capacity => capacity;

    public int Bytes { get; private set; }

    public int Count => Volatile.Read(ref _count);

    public TailBlock? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    public bool TryAdd(in StreamEntry entry)
    {
        if (_count == _entries.Length)
            return false;

        _entries[_count] = entry;
        Bytes += entry.Event.Cost;
        Volatile.Write(ref _count, _count + 1);
        return true;
    }

    public ReadOnlyMemory<StreamEntry> After(long offset)
    {
        var count = Count;
        var skip = Math.Max(0, offset + 1 - firstOffset);
        return skip >= count ? default : _entries.AsMemory((int)skip, count - (int)skip);
    }
}
