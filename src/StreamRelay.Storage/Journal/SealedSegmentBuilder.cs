namespace StreamRelay.Storage.Journal;

/// <summary>Follows records into a task's own file.</summary>
internal sealed class SealedSegmentBuilder(SealedSegment start)
{
    private const int BookmarkBytes = 64 << 10;

    private readonly List<IndexEntry> _bookmarks = [.. start.Bookmarks];
    private long _end = start.End;
    private long _nextOffset = start.NextOffset;
    private long _epoch = start.Epoch;

    /// <returns><see langword="false"/> when the record does not go on from the one before, and does not count.</returns>
    public bool Add(ReadOnlySpan<byte> body, long position, long end)
    {
        if (Record.Kind(body) == RecordKind.Entries && !AddEntries(body, position))
            return false;
        if (Record.Kind(body) == RecordKind.Epoch)
            _epoch = Math.Max(_epoch, Record.Epoch(body));

        _end = end;
        return true;
    }

    public SealedSegment Build() => new(_end, _nextOffset, _epoch, [.. _bookmarks]);

    private bool AddEntries(ReadOnlySpan<byte> body, long position)
    {
        if (Record.Offset(body) != _nextOffset)
            return false;
        if (_bookmarks.Count == 0 || position - _bookmarks[^1].Position >= BookmarkBytes)
            _bookmarks.Add(new(_nextOffset, position));
        _nextOffset = Record.NextOffset(body);
        return true;
    }
}
