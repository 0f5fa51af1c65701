using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>A row of the index: consecutive records of one task in a sealed segment, about 256 KiB at most.</summary>
/// <param name="Task">The task.</param>
/// <param name="Segment">The number of the sealed segment.</param>
/// <param name="Position">The position in the segment where the first record starts.</param>
/// <param name="Length">The length of the records in bytes; 0 means that the log is damaged from <paramref name="FirstOffset"/> on.</param>
/// <param name="FirstOffset">The offset of the first entry; without entries, the offset of the next entry of the log.</param>
/// <param name="NextOffset">The offset after the last entry.</param>
/// <param name="Epoch">The highest epoch among the records, or <see cref="TaskLog.NoEpoch"/>.</param>
internal readonly record struct SealedRun(TaskId Task, long Segment, long Position, int Length, long FirstOffset, long NextOffset, long Epoch)
{
    /// <summary>Whether the run contains records that follow a log whose next entry has an offset. A damaged row of the database contains any numbers.</summary>
    public bool CanFollow(long next) => Position >= SegmentHeader.Size && Length > 0 && FirstOffset == next && NextOffset >= next;
}
