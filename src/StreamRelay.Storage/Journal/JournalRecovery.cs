using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads what the last run left of the journal: cuts a torn tail, and finds out where each task's records are.</summary>
internal sealed partial class JournalRecovery(
    IStorageDisk disk, StorageLayout layout, bool sync, LogTable table, Deletions deletions, ILogger<JournalRecovery> logger)
{
    private readonly List<(Segment Segment, SegmentHeader Header)> _found = [];

    /// <summary>The highest number that a segment had.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The segments that are left, oldest first; none of them is written to again.</summary>
    public List<Segment> Segments { get; } = [];

    public void Run()
    {
        Open();
        RemoveVoid();
        using (var scanner = new RecordScanner())
        {
            for (var index = 0; index < _found.Count; index++)
                Scan(scanner, index);
        }

        foreach (var (segment, _) in _found)
        {
            Segments.Add(segment);
            foreach (var (task, whole) in segment.Deletions)
                deletions.Redo(task, whole);
        }
    }

    /// <summary>Lets go of the files, when the store cannot be opened after all.</summary>
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

            // Its header was never stored, so nothing in it was ever acknowledged.
            HeaderMissing(path);
            file.Dispose();
            disk.Delete(path);
        }
    }

    private static bool TryParse(string name, out long sequence) =>
        long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
        && name.EndsWith(".log", StringComparison.Ordinal);

    private void RemoveVoid()
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
            Damaged(segment.Path, segment.Length, end);
        else if (segment.Length < end)
            TailCut(segment.Path, segment.Length, end - segment.Length);

        if (segment.Length < size)
            segment.File.SetLength(segment.Length);
        // What is shown from now on must be as durable as what this run will acknowledge.
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
            OutOfPlace(task, extent.FirstOffset, segment.Path);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} has no header and is removed: the last run ended while it was made")]
    private partial void HeaderMissing(string path);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is cut to {Length} bytes: {Bytes} bytes behind them were not completely written")]
    private partial void TailCut(string path, long length, long bytes);

    [LoggerMessage(3, LogLevel.Error, "{Path} is damaged: of {Expected} bytes only the first {Length} can be read")]
    private partial void Damaged(string path, long length, long expected);

    [LoggerMessage(4, LogLevel.Error, "Entries of task {Task} from {Offset} on in {Path} do not go on from those before them, and are left out")]
    private partial void OutOfPlace(TaskId task, long offset, string path);
}
