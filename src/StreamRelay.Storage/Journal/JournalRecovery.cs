using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads the segments that the last run left: truncates an incomplete last record, and adds the extents of each task to its log.</summary>
internal sealed partial class JournalRecovery(
    IStorageDisk disk, StorageLayout layout, bool sync, LogTable table, Deletions deletions, ILogger<JournalRecovery> logger)
{
    private readonly List<(Segment Segment, SegmentHeader Header)> _found = [];

    /// <summary>The highest sequence number found; 0 when there is no segment.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The valid segments, oldest first. None of them is written to again.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>Recovers the journal. The tables of logs and deletions contain its records afterwards.</summary>
    /// <exception cref="IOException">A segment cannot be read or written, or has a format that this version does not read.</exception>
    public void Run()
    {
        Open();
        RemoveVoidSegments();
        using (var scanner = new RecordScanner())
        {
            for (var index = 0; index < _found.Count; index++)
                Scan(scanner, index);
        }

        foreach (var (segment, _) in _found)
        {
            Segments.Add(segment);
            foreach (var (task, wholeTask) in segment.Deletions)
                deletions.Replay(task, wholeTask);
        }
    }

    /// <summary>Closes the segments. Called when the store cannot be opened.</summary>
    public void Close()
    {
        foreach (var (segment, _) in _found)
            segment.File.Dispose();
    }

    private void Open()
    {
        foreach (var name in disk.Files(layout.Journal).Order(StringComparer.Ordinal))
        {
            if (!TryParse(name, out var sequence))
                continue;

            LastSequence = Math.Max(LastSequence, sequence);
            var path = layout.Segment(sequence);
            var file = disk.OpenWrite(path);
            if (SegmentHeader.Read(file, path) is { } header && header.Sequence == sequence)
            {
                _found.Add((new(sequence, path, file), header));
                continue;
            }

            // The header of the segment was never stored, so the segment contains no acknowledged record.
            HeaderMissing(path);
            file.Dispose();
            disk.Delete(path);
        }
    }

    private static bool TryParse(string name, out long sequence) =>
        long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
        && name.EndsWith(".log", StringComparison.Ordinal);

    private void RemoveVoidSegments()
    {
        for (var index = _found.Count - 1; index > 0; index--)
        {
            var (previous, sequence) = (_found[index].Header.Previous, _found[index].Header.Sequence);
            var removed = _found.RemoveAll(found => found.Header.Sequence > previous && found.Header.Sequence < sequence && Remove(found.Segment));
            index -= removed;
        }
    }

    private bool Remove(Segment segment)
    {
        segment.File.Dispose();
        disk.Delete(segment.Path);
        return true;
    }

    private void Scan(RecordScanner scanner, int index)
    {
        var (segment, header) = _found[index];
        var isLast = index == _found.Count - 1;
        var size = segment.File.Length;
        var end = !isLast && _found[index + 1].Header.Previous == header.Sequence ? _found[index + 1].Header.PreviousLength : size;
        scanner.Start(segment.File, SegmentHeader.Size, Math.Min(end, size));
        segment.Length = SegmentHeader.Size;
        while (scanner.MoveNext())
        {
            Apply(segment, scanner);
            segment.Length = scanner.Next;
        }

        if (segment.Length < end && !isLast)
            SegmentDamaged(segment.Path, segment.Length, end);
        else if (segment.Length < end)
            TailTruncated(segment.Path, segment.Length, end - segment.Length);

        if (segment.Length < size)
            segment.File.SetLength(segment.Length);
        // Readers see the recovered records from now on, so these must be as durable as acknowledged ones.
        if (sync)
            segment.File.Sync();
    }

    private void Apply(Segment segment, RecordScanner scanner)
    {
        var body = scanner.Body;
        var task = Record.Task(body);
        var kind = Record.Kind(body);
        if (kind is RecordKind.LogDeleted or RecordKind.TaskDeleted)
        {
            segment.Deletions[task] = kind == RecordKind.TaskDeleted || segment.Deletions.GetValueOrDefault(task);
            table.BeginDelete(task);
            table.EndDelete(task);
            return;
        }

        var epoch = kind == RecordKind.Epoch ? Record.Epoch(body) : SealedSegment.NoEpoch;
        var extent = new Extent(segment, scanner.Position, scanner.Current.Length, Record.Offset(body), Record.NextOffset(body));
        if (!table.Recover(task).Add(in extent, epoch))
            EntriesSkipped(task, extent.FirstOffset, segment.Path);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} has no header and is removed: the last run ended while it created the file")]
    private partial void HeaderMissing(string path);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is truncated to {Length} bytes: the record in the last {Bytes} bytes is incomplete")]
    private partial void TailTruncated(string path, long length, long bytes);

    [LoggerMessage(3, LogLevel.Error, "{Path} is damaged: only the first {Length} of {Expected} bytes can be read")]
    private partial void SegmentDamaged(string path, long length, long expected);

    [LoggerMessage(4, LogLevel.Error, "The entries of task {Task} from offset {Offset} on in {Path} do not follow the entries before them, and are ignored")]
    private partial void EntriesSkipped(TaskId task, long offset, string path);
}
