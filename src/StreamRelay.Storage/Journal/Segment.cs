using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>A segment to which records are or were appended in the order of their commits, with the logs and the deletions that it contains.</summary>
internal sealed class Segment(long sequence, string path, IStorageFile file) : ISegment
{
    public long Sequence => sequence;

    public string Path => path;

    public IStorageFile File => file;

    /// <summary>The number of valid bytes, header included.</summary>
    public long Length { get; set; } = SegmentHeader.Size;

    /// <summary>The number of bytes at the end of the file that are ignored because they were not written completely.</summary>
    public long TornBytes { get; set; }

    /// <summary>Whether the segment contains no acknowledged record.</summary>
    public bool IsEmpty => Length == SegmentHeader.Size;

    /// <summary>Whether the file contains acknowledged bytes that no log contains any more, so that it must be kept.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>The logs that have records in the segment.</summary>
    public HashSet<TaskLog> Logs { get; } = [];

    /// <summary>The tasks whose logs were deleted while the segment was written.</summary>
    public HashSet<TaskId> Deletions { get; } = [];

    IStorageFile? ISegment.Open() => file;
}
