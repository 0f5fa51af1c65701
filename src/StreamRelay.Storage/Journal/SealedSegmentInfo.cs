namespace StreamRelay.Storage.Journal;

/// <summary>What the index knows of a sealed segment.</summary>
/// <param name="Sequence">The number of the segment.</param>
/// <param name="Length">The length of the file in bytes.</param>
/// <param name="LiveBytes">The length of the runs whose tasks are not deleted.</param>
internal readonly record struct SealedSegmentInfo(long Sequence, long Length, long LiveBytes)
{
    /// <summary>Whether no task has records in the segment any more.</summary>
    public bool IsDead => LiveBytes == 0;

    /// <summary>Whether more than three quarters of the segment belong to deleted tasks.</summary>
    public bool IsMostlyDead => LiveBytes < Length / 4;
}
