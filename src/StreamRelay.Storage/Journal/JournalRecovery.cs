using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads the segments that the last run left unsealed, and adds the extents of each task to its log. What cannot be read is kept, and costs only the task whose record it is.</summary>
internal sealed partial class JournalRecovery(
    IStorageDisk disk, StorageLayout layout, bool sync, ISegmentIndex index, LogTable table, SegmentNumbers numbers, ILogger<JournalRecovery> logger) : IDisposable
{
    private readonly List<RecoveredSegment> _found = [];

    /// <summary>The valid segments, oldest first. None of them is written to again.</summary>
    public IReadOnlyList<Segment> Segments => [.. _found.Select(found => found.Segment)];

    /// <summary>Whether bytes were skipped that are no record.</summary>
    public bool HasSkipped { get; private set; }

    /// <summary>Recovers the journal. The table of logs contains its records afterwards.</summary>
    /// <exception cref="IOException">A segment cannot be read, or has a format that this version does not read.</exception>
    public void Run()
    {
        new SegmentFolder(disk, layout, index, logger).Tidy();
        Open();
        RemoveVoidSegments();
        using (var scanner = new RecordScanner())
        {
            for (var position = 0; position < _found.Count; position++)
                Recover(scanner, position);
        }

        index.DeleteAsync([.. _found.SelectMany(found => found.Segment.Deletions)]).GetAwaiter().GetResult();
    }

    /// <summary>Closes the segments. Called when the store cannot be opened.</summary>
    public void Dispose()
    {
        foreach (var (segment, _) in _found)
            segment.File.Dispose();
    }

    private void Open()
    {
        foreach (var segment in index.List())
            numbers.Observe(segment.Sequence);

        foreach (var sequence in disk.Segments(layout, StorageLayout.SegmentExtension))
        {
            numbers.Observe(sequence);
            var path = layout.Segment(sequence);
            var file = disk.OpenWrite(path);
            var header = SegmentHeader.Read(file, path);
            if (header is null && file.Length <= SegmentHeader.Size)
            {
                // The last run ended while it created the file.
                file.Dispose();
                disk.Delete(path);
                continue;
            }

            var segment = new Segment(sequence, path, file) { IsDamaged = header is null };
            _found.Add(new(segment, header));
            if (header is null)
                HeaderDamaged(path);
        }
    }

    private void RemoveVoidSegments()
    {
        for (var position = _found.Count - 1; position > 0; position--)
        {
            if (_found[position].Header is not { } header)
                continue;

            position -= _found.RemoveAll(found => found.Segment.Sequence > header.Previous && found.Segment.Sequence < header.Sequence && Remove(found.Segment));
        }
    }

    private bool Remove(Segment segment)
    {
        segment.File.Dispose();
        disk.Delete(segment.Path);
        return true;
    }

    private void Recover(RecordScanner scanner, int position)
    {
        var segment = _found[position].Segment;
        var next = position + 1 < _found.Count ? _found[position + 1].Header : null;
        var end = next?.Previous == segment.Sequence ? Math.Min(next.Value.PreviousLength, segment.File.Length) : (long?)null;
        var scan = new SegmentScan(segment, scanner, table);
        scan.Run(end);
        foreach (var (from, to) in scan.Damages)
            SegmentDamaged(segment.Path, from, to);
        if (segment.TornBytes > 0)
            TailIncomplete(segment.Path, segment.TornBytes, segment.Length);

        // Readers see the recovered records from now on, so these must be as durable as acknowledged ones.
        if (sync)
            segment.File.Sync();
        HasSkipped |= segment.IsDamaged || segment.TornBytes > 0;
    }

    private readonly record struct RecoveredSegment(Segment Segment, SegmentHeader? Header);

    [LoggerMessage(1, LogLevel.Error, "The header of {Path} is damaged; its records are read, and the file is kept")]
    private partial void HeaderDamaged(string path);

    [LoggerMessage(2, LogLevel.Warning, "The last {Bytes} bytes of {Path} were not written completely, and are ignored: its records end at {Length}")]
    private partial void TailIncomplete(string path, long bytes, long length);

    [LoggerMessage(3, LogLevel.Error, "{Path} is damaged from {From} to {To}; the records around that are read, and the file is kept")]
    private partial void SegmentDamaged(string path, long from, long to);
}
