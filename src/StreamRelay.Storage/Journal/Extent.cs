namespace StreamRelay.Storage.Journal;

/// <summary>A range of a segment that contains consecutive records of one task.</summary>
/// <param name="Segment">The segment that contains the records.</param>
/// <param name="Position">The position in the segment where the first record starts.</param>
/// <param name="Length">The length of the records in bytes, headers included.</param>
/// <param name="FirstOffset">The offset of the first entry; without entries, the offset of the next entry of the log.</param>
/// <param name="NextOffset">The offset after the last entry.</param>
internal readonly record struct Extent(ISegment Segment, long Position, int Length, long FirstOffset, long NextOffset)
{
    private const int MaxMergedBytes = 64 << 10;

    /// <summary>Whether <paramref name="next"/> follows directly and both together have at most 64 KiB, so that a read of one entry scans no more than that.</summary>
    public bool CanMergeWith(in Extent next) =>
        next.Segment == Segment && next.Position == Position + Length && Length + next.Length <= MaxMergedBytes;
}
