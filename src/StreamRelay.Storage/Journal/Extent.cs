namespace StreamRelay.Storage.Journal;

/// <summary>Records of one task that lie side by side in a segment.</summary>
/// <param name="Segment">Where they are.</param>
/// <param name="Position">Where they start.</param>
/// <param name="Length">Their length in bytes, headers included.</param>
/// <param name="FirstOffset">The offset of their first entry; what the next one would have when there is none.</param>
/// <param name="NextOffset">The offset after their last entry.</param>
internal readonly record struct Extent(Segment Segment, long Position, int Length, long FirstOffset, long NextOffset)
{
    private const int MergedBytes = 64 << 10;

    /// <summary>Whether <paramref name="next"/> can be one with this without making either slow to find.</summary>
    public bool Joins(in Extent next) =>
        next.Segment == Segment && next.Position == Position + Length && Length + next.Length <= MergedBytes;
}
