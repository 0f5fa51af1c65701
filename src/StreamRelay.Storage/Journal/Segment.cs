using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>One file of the journal and what is known of its contents.</summary>
internal sealed class Segment(long sequence, string path, IStorageFile file)
{
    public long Sequence => sequence;

    public string Path => path;

    public IStorageFile File => file;

    /// <summary>How many of its bytes count.</summary>
    public long Length { get; set; } = SegmentHeader.Size;

    /// <summary>Whether nothing was ever acknowledged in it.</summary>
    public bool IsEmpty => Length == SegmentHeader.Size;

    /// <summary>The logs that have a part in it.</summary>
    public HashSet<TaskLog> Logs { get; } = [];

    /// <summary>The tasks whose deletion it records, and whether all of the task goes or only its log.</summary>
    public Dictionary<TaskId, bool> Deletions { get; } = [];
}
