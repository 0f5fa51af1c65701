using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>The newest entries of a live log, in memory. One writer; any number of readers, without locks.
/// Bounded: older entries are read from the log.</summary>
internal sealed class Tail
{
    private const int SmallestBlock = 16;
    private const int LargestBlock = 256;
    private const int BlockBytes = 64 << 10;
    private const int MaxBlocks = 16;

    private TailBlock _oldest;
    private TailBlock _newest;
    private int _blocks = 1;

    public Tail(long firstOffset) => _oldest = _newest = new(firstOffset, SmallestBlock);

    /// <summary>The offset of the newest entry; one below the first offset when there is none.</summary>
    public long Head
    {
        get
        {
            var block = Volatile.Read(ref _newest);
            return block.FirstOffset + block.Count - 1;
        }
    }

    /// <summary>Makes entries visible, in order.</summary>
    public void Append(ReadOnlySpan<StreamEntry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (_newest.Bytes >= BlockBytes || !_newest.TryAdd(entry))
                Grow(entry);
        }
    }

    /// <summary>Consecutive entries after <paramref name="offset"/>.</summary>
    /// <returns><see langword="false"/> when the first of them is no longer in the tail; empty at the head.</returns>
    public bool TryRead(long offset, out ReadOnlyMemory<StreamEntry> entries)
    {
        var block = Volatile.Read(ref _oldest);
        entries = default;
        if (offset + 1 < block.FirstOffset)
            return false;

        while (block is not null)
        {
            // Read before the entries: a block that has a next one is full, so that no entry can be skipped.
            var next = block.Next;
            entries = block.After(offset);
            if (!entries.IsEmpty)
                return true;

            block = next;
        }

        return true;
    }

    private void Grow(in StreamEntry entry)
    {
        var block = new TailBlock(entry.Offset, Math.Min(_newest.Capacity * 2, LargestBlock));
        block.TryAdd(entry);
        _newest.Next = block;
        Volatile.Write(ref _newest, block);
        if (++_blocks <= MaxBlocks)
            return;

        Volatile.Write(ref _oldest, _oldest.Next!);
        _blocks--;
    }
}
