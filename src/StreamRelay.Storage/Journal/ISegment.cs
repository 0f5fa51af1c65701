using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>A file of the journal folder with a <see cref="SegmentHeader"/> and records.</summary>
internal interface ISegment
{
    /// <summary>The path of the file.</summary>
    string Path { get; }

    /// <summary>Returns the open file. Another thread may close it at any time; a read then throws <see cref="ObjectDisposedException"/>.</summary>
    /// <returns><see langword="null"/> when the file is missing.</returns>
    IStorageFile? Open();
}
