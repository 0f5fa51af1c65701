using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>The newest entries of a live log, in memory. One writer; any number of readers, without locks.
/// Bounded in bytes: older entries are read from the log.</summary>
internal sealed class Tail
{
    private const int SmallestBlock = 4;
    private const int LargestBlock = 256;
    private const int BlockBytes = 64 << 10;

    // Taken by the writer for each batch, and by what gives memory back; never by readers.
    private readonly Lock _lock = new();
    private readonly TailMemory _memory;
    private TailBlock _oldest;
    private TailBlock _newest;
    private long _bytes;
    private bool _closed;

    public Tail(long firstOffset, TailMemory memory)
    {
        _memory = memory;
        _oldest = _newest = new(firstOffset, SmallestBlock);
    }

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
        lock (_lock)
        {
            var bytes = 0L;
            foreach (ref readonly var entry in entries)
            {
                if (_newest.Bytes >= BlockBytes || !_newest.TryAdd(entry))
                    Grow(entry);

                bytes += entry.Event.Cost;
            }

            if (_closed)
                return;
            if (_bytes == 0)
                _memory.Open(this);

            _bytes += bytes;
            _memory.Budget.Add(bytes);
            TrimCore(_memory.TailBytes);
        }
    }

    /// <summary>Forgets the oldest entries until at most so many bytes are kept, or fewer: whole blocks are forgotten.</summary>
    /// <returns>The bytes that were given back.</returns>
    public long Trim(long bytes)
    {
        lock (_lock)
            return _closed ? 0 : TrimCore(bytes);
    }

    /// <summary>Stops counting the entries: nothing reads them any more, or soon nothing will.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closed)
                return;

            _closed = true;
            _memory.Budget.Add(-_bytes);
            _memory.Close(this);
        }
    }

    /// <summary>Consecutive entries after <paramref name="offset"/>.</summary>
    /// <returns><see langword="false"/> when the first of them is no longer in the tail; empty at the head.</returns>
    public bool TryRead(long offset, out ReadOnlyMemory<StreamEntry> entries)
    {
        // Most readers are at the head, and the tail may have many blocks before it.
        var newest = Volatile.Read(ref _newest);
        entries = default;
        if (offset + 1 >= newest.FirstOffset)
        {
            entries = newest.After(offset);
            return true;
        }

        var block = Volatile.Read(ref _oldest);
        if (offset + 1 < block.FirstOffset)
            return false;

        while (block is not null)
        {
            // Read before the entries: a block that has a next one does not grow any more, so that no entry can be skipped.
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
        Link(new(entry.Offset, Math.Min(_newest.Capacity * 2, LargestBlock)));
        _newest.TryAdd(entry);
    }

    private long TrimCore(long bytes)
    {
        var before = _bytes;
        while (_bytes > bytes)
        {
            // The newest block is replaced by an empty one: the head stays where it is.
            if (_oldest == _newest)
                Link(new(Head + 1, SmallestBlock));

            _bytes -= _oldest.Bytes;
            Volatile.Write(ref _oldest, _oldest.Next!);
        }

        _memory.Budget.Add(_bytes - before);
        return before - _bytes;
    }

    private void Link(TailBlock block)
    {
        _newest.Next = block;
        Volatile.Write(ref _newest, block);
    }
}
