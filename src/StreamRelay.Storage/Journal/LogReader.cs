using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads pages of a log from the task's own file or from the journal.</summary>
internal sealed class LogReader(LogTable table, HandleCache handles)
{
    private const int ReadAheadBytes = 64 << 10;
    private const int Attempts = 100;

    /// <summary>Reads the entries after an offset.</summary>
    /// <returns>At least one entry if there is one after the offset, and at most <paramref name="limit"/>.</returns>
    /// <exception cref="LogNotFoundException">The task has no log.</exception>
    /// <exception cref="IOException">The log is damaged, or cannot be read.</exception>
    public ReadOnlyMemory<StreamEntry> Read(TaskId task, long offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ReadOnce(task, offset, limit);
            }
            // The compactor has removed the segment, or the cache has closed the file: the next attempt looks the entries up again.
            catch (ObjectDisposedException) when (attempt < Attempts)
            {
            }
        }
    }

    private ReadOnlyMemory<StreamEntry> ReadOnce(TaskId task, long offset, int limit)
    {
        var log = table.Find(task);
        if (log is not { Exists: true })
            throw new LogNotFoundException(task);
        if (offset + 1 >= log.NextOffset)
            return default;

        var page = new LogPage(limit);
        var extents = log.ExtentsAfter(offset);
        if (extents.Count == 0)
            ReadFile(log, offset, page);
        else
            ReadExtents(extents, offset, page);

        if (!page.IsEmpty)
            return page.ToMemory();
        if (!log.Exists)
            throw new LogNotFoundException(task);
        throw new IOException(
            $"The log of task {task} is damaged after entry {offset}: the entries up to {log.NextOffset - 1} are missing in {extents.Count} extents of the journal and the first {log.Sealed.End} bytes of its file.");
    }

    private void ReadFile(TaskLog log, long offset, LogPage page)
    {
        if (handles.Get(log.Task) is not { } file)
            return;

        var sealedSegment = log.Sealed;
        using var scanner = new RecordScanner(ReadAheadBytes);
        scanner.Start(file, sealedSegment.Find(offset + 1), sealedSegment.End);
        Read(scanner, offset, page);
    }

    private static void ReadExtents(List<Extent> extents, long offset, LogPage page)
    {
        using var scanner = new RecordScanner(ReadAheadBytes);
        foreach (var extent in extents)
        {
            scanner.Start(extent.Segment.File, extent.Position, extent.Position + extent.Length);
            Read(scanner, offset, page);
        }
    }

    private static void Read(RecordScanner scanner, long offset, LogPage page)
    {
        while (!page.IsFull && scanner.MoveNext())
        {
            if (Record.Kind(scanner.Body) == RecordKind.Entries)
                EntryCodec.Read(scanner.Current, offset, page);
        }
    }
}
