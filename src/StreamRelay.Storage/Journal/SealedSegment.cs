using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>A segment that is not written to any more. Its records are clustered by task, and the database contains their index.</summary>
internal sealed class SealedSegment(long sequence, StorageLayout layout, HandleCache handles) : ISegment
{
    public string Path => layout.SealedSegment(sequence);

    public IStorageFile? Open() => handles.Get(sequence);
}
