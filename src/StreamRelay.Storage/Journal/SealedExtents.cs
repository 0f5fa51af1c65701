namespace StreamRelay.Storage.Journal;

/// <summary>The part of a log that is in sealed segments.</summary>
/// <param name="Extents">The extents, each of which follows the one before.</param>
/// <param name="Epoch">The highest epoch in them, or <see cref="TaskLog.NoEpoch"/>.</param>
/// <param name="IsDamaged">Whether entries after them are damaged.</param>
internal readonly record struct SealedExtents(IReadOnlyList<Extent> Extents, long Epoch, bool IsDamaged)
{
    /// <summary>The offset after the last entry.</summary>
    public long NextOffset => Extents.Count > 0 ? Extents[^1].NextOffset : 1;

    /// <summary>Makes extents of the runs of one task.</summary>
    /// <param name="runs">The runs in the order of their offsets.</param>
    /// <param name="segment">Returns the sealed segment of a number.</param>
    public static SealedExtents From(IReadOnlyList<SealedRun> runs, Func<long, ISegment> segment)
    {
        var extents = new List<Extent>(runs.Count);
        long next = 1;
        foreach (var run in runs)
        {
            if (!run.CanFollow(next))
                break;

            extents.Add(new(segment(run.Segment), run.Position, run.Length, run.FirstOffset, run.NextOffset));
            next = run.NextOffset;
        }

        return new(extents, runs.Count > 0 ? runs.Max(run => run.Epoch) : TaskLog.NoEpoch, extents.Count < runs.Count);
    }
}
