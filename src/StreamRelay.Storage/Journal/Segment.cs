using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>One file of the journal, with the logs and the deletions that it contains.</summary>
internal sealed class Segment(long sequence, string path, IStorageFile file)
{
    public long Sequence => sequence;

    public string Path => path;

    public IStorageFile File => file;

    /// <summary>The number of valid bytes, header included.</summary>
    public long Length { get; set; } = SegmentHeader.Size;

    /// <summary>Whether the segment contains no acknowledged record.</summary>
    public bool IsEmpty => Length == SegmentHeader.Size;

    /// <summary>The logs that have records in the segment.</summary>
    public HashSet<TaskLog> Logs { get; } = [];

    /// <summary>The tasks whose deletion the segment records. The value is <see langword="true"/> when the task is deleted, and <see langword="false"/> when only its log is.</summary>
    public Dictionary<TaskId, bool> Deletions { get; } = [];
}
