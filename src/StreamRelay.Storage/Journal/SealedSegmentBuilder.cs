namespace StreamRelay.Storage.Journal;

/// <summary>Computes the <see cref="SealedSegment"/> that results when records are added to a task's own file.</summary>
internal sealed class SealedSegmentBuilder(SealedSegment start)
{
    private const int IndexEntryBytes = 64 << 10;

    private readonly List<IndexEntry> _index = [.. start.Index];
    private long _end = start.End;
    private long _nextOffset = start.NextOffset;
    private long _epoch = start.Epoch;

    /// <summary>Adds the next record.</summary>
    /// <param name="body">The record without its header.</param>
    /// <param name="position">The position in the file where the record starts.</param>
    /// <param name="end">The position in the file where the record ends.</param>
    /// <returns><see langword="false"/> when the first offset of the record is not the next offset of the log; the record is then not added.</returns>
    public bool Add(ReadOnlySpan<byte> body, long position, long end)
    {
        if (Record.Kind(body) == RecordKind.Entries && !AddEntries(body, position))
            return false;
        if (Record.Kind(body) == RecordKind.Epoch)
            _epoch = Math.Max(_epoch, Record.Epoch(body));

        _end = end;
        return true;
    }

    public SealedSegment Build() => new(_end, _nextOffset, _epoch, [.. _index]);

    private bool AddEntries(ReadOnlySpan<byte> body, long position)
    {
        if (Record.Offset(body) != _nextOffset)
            return false;
        if (_index.Count == 0 || position - _index[^1].Position >= IndexEntryBytes)
            _index.Add(new(_nextOffset, position));
        _nextOffset = Record.NextOffset(body);
        return true;
    }
}
