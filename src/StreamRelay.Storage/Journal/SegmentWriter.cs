using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Writes groups of records to the last segment of the journal, and starts a new segment when that one is full. Only the commit loop uses it.</summary>
internal sealed partial class SegmentWriter(
    IStorageDisk disk, StorageLayout layout, bool sync, int segmentBytes, SegmentMaintenance maintenance, SegmentNumbers numbers, ILogger<SegmentWriter> logger)
{
    private readonly List<Segment> _full = [];
    private Segment? _current;
    private long _previous;
    private long _previousLength;

    /// <summary>Creates the first segment of this run, after the segments that recovery found.</summary>
    /// <param name="last">The last segment that recovery found, or <see langword="null"/>.</param>
    public void Open(Segment? last)
    {
        (_previous, _previousLength) = last is null ? (0, 0) : (last.Sequence, last.Length);
        _current = Create();
    }

    /// <summary>Writes a group with the durability of the store. After an exception no record of the group is valid, also after a restart.</summary>
    /// <returns>The segment that contains the group. Its length does not include the group yet.</returns>
    public Segment Write(ReadOnlySpan<byte> group)
    {
        var segment = GetWritableSegment();
        try
        {
            segment.File.Write(group, segment.Length);
            if (sync)
                segment.File.Sync();
            return segment;
        }
        catch
        {
            Abandon(segment);
            throw;
        }
    }

    public void Close()
    {
        _current?.File.Dispose();
        foreach (var segment in _full)
            segment.File.Dispose();
    }

    private Segment GetWritableSegment()
    {
        if (_current is { } current && current.Length < segmentBytes)
            return current;

        if (_current is not null)
            (_previous, _previousLength) = (_current.Sequence, _current.Length);
        var next = Create();
        if (_current is not null)
            _full.Add(_current);
        _full.ForEach(maintenance.Add);
        _full.Clear();
        maintenance.Request();
        return _current = next;
    }

    private Segment Create()
    {
        var sequence = numbers.Next();
        var path = layout.Segment(sequence);
        IStorageFile? file = null;
        try
        {
            file = disk.OpenWrite(path);
            Span<byte> header = stackalloc byte[SegmentHeader.Size];
            header.Clear();
            new SegmentHeader(sequence, _previous, _previousLength).Write(header);
            file.Write(header, 0);
            if (sync)
            {
                file.Sync();
                disk.SyncFolder(layout.Journal);
            }

            return new(sequence, path, file);
        }
        catch
        {
            file?.Dispose();
            Remove(path);
            throw;
        }
    }

    // After a failed write or sync the content of the file after the last group is unknown. The file is never written or
    // synced again, and the header of the next segment names the number of valid bytes. The file is kept until the next
    // segment exists, even if it is empty, because its presence prevents a second use of its number.
    private void Abandon(Segment segment)
    {
        _current = null;
        _full.Add(segment);
        if (segment.IsEmpty)
            return;

        (_previous, _previousLength) = (segment.Sequence, segment.Length);
        try
        {
            segment.File.SetLength(segment.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TruncationFailed(exception, segment.Path, segment.Length);
        }
    }

    private void Remove(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            RemoveFailed(exception, path);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} could not be truncated to {Length} bytes after a failed write; the header of the next segment marks the rest as invalid")]
    private partial void TruncationFailed(Exception exception, string path, long length);

    [LoggerMessage(2, LogLevel.Warning, "{Path}, a segment without contents, could not be removed; the next start of the server removes it")]
    private partial void RemoveFailed(Exception exception, string path);
}
