using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>The end of the journal: the one file that is written to. Only for the commit loop.</summary>
internal sealed partial class SegmentWriter(
    IStorageDisk disk, StorageLayout layout, bool sync, int segmentBytes, Compactor settler, TimeProvider time, ILogger<SegmentWriter> logger)
{
    private readonly List<Segment> _full = [];
    private Segment? _current;
    private long _sequence;
    private long _previous;
    private long _previousLength;

    /// <summary>Starts the first segment of this run, after those that recovery found.</summary>
    /// <param name="lastSequence">The highest number ever used.</param>
    /// <param name="last">The last segment, or <see langword="null"/>.</param>
    public void Open(long lastSequence, Segment? last)
    {
        _sequence = lastSequence;
        (_previous, _previousLength) = last is null ? (0, 0) : (last.Sequence, last.Length);
        _current = Create();
    }

    /// <summary>Writes a group, durably at the store's level. On an exception nothing of it counts, now or after a restart.</summary>
    /// <returns>The segment it is in; its length does not yet include the group.</returns>
    public Segment Write(ReadOnlySpan<byte> group)
    {
        var segment = Next();
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

    private Segment Next()
    {
        if (_current is { } current && current.Length < segmentBytes)
            return current;

        if (_current is not null)
            (_previous, _previousLength) = (_current.Sequence, _current.Length);
        var next = Create();
        if (_current is not null)
            _full.Add(_current);
        foreach (var segment in _full)
            settler.Add(segment);
        _full.Clear();
        return _current = next;
    }

    private Segment Create()
    {
        // By the clock, so that a number is not used again should the loss of power take the newest segment away.
        _sequence = Math.Max(_sequence + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        var path = layout.Segment(_sequence);
        IStorageFile? file = null;
        try
        {
            file = disk.OpenWrite(path);
            Span<byte> header = stackalloc byte[SegmentHeader.Size];
            header.Clear();
            new SegmentHeader(_sequence, _previous, _previousLength).Write(header);
            file.Write(header, 0);
            if (sync)
            {
                file.Sync();
                disk.SyncFolder(layout.Journal);
            }

            return new(_sequence, path, file);
        }
        catch
        {
            file?.Dispose();
            Remove(path);
            throw;
        }
    }

    // After a failed write or sync nobody knows what the file holds behind the last group; it is never written or synced
    // again, and the next segment's header says how much of it counts. Until there is one it stays, even if it is empty:
    // it keeps its number from being used again.
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
            CutFailed(exception, segment.Path, segment.Length);
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

    [LoggerMessage(1, LogLevel.Warning, "{Path} could not be cut to {Length} bytes after a failed write; the next segment says so instead")]
    private partial void CutFailed(Exception exception, string path, long length);

    [LoggerMessage(2, LogLevel.Warning, "{Path}, a segment without contents, could not be removed; the next start does it")]
    private partial void RemoveFailed(Exception exception, string path);
}
