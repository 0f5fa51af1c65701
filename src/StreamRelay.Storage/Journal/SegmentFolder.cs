using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Brings the files of the journal folder to the state that the index describes, after a run that ended while it sealed or compacted a segment.</summary>
internal sealed partial class SegmentFolder(IStorageDisk disk, StorageLayout layout, ISegmentIndex index, ILogger logger)
{
    /// <summary>Removes sealed segments that were not completed, and reports those that are missing or unknown.</summary>
    public void Tidy()
    {
        // The last step of sealing is to remove the segment that was appended to. As long as it is there, it counts, and is sealed again.
        var unsealed = disk.Segments(layout, StorageLayout.SegmentExtension).ToHashSet();
        foreach (var segment in index.List().Where(segment => unsealed.Contains(segment.Sequence)))
            index.RemoveAsync(segment.Sequence).GetAwaiter().GetResult();

        var indexed = index.List().ToDictionary(segment => segment.Sequence);
        var present = disk.Segments(layout, StorageLayout.SealedExtension).ToHashSet();
        foreach (var sequence in present.Where(sequence => !indexed.ContainsKey(sequence)))
        {
            if (unsealed.Contains(sequence) || indexed.ContainsKey(FindSource(sequence)))
                disk.Delete(layout.SealedSegment(sequence));
            else
                SegmentUnknown(layout.SealedSegment(sequence));
        }

        foreach (var segment in indexed.Values.Where(segment => !segment.IsDead && !present.Contains(segment.Sequence)))
            SegmentMissing(layout.SealedSegment(segment.Sequence));
    }

    /// <summary>The number of the sealed segment that a sealed segment was to replace; 0 when it does not say so.</summary>
    private long FindSource(long sequence)
    {
        var path = layout.SealedSegment(sequence);
        using var file = disk.OpenRead(path);
        return file is not null && SegmentHeader.Read(file, path) is { } header ? header.Previous : 0;
    }

    [LoggerMessage(1, LogLevel.Error, "{Path} is missing; the logs in it cannot be read")]
    private partial void SegmentMissing(string path);

    [LoggerMessage(2, LogLevel.Error, "{Path} is not part of the database, and is kept without being read: the database is older than the journal")]
    private partial void SegmentUnknown(string path);
}
