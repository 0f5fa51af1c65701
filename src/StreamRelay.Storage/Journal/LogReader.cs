using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads pages: from the task's own file, then from the journal.</summary>
internal sealed class LogReader(LogTable table, HandleCache handles)
{
    private const int FileAhead = 64 << 10;
    private const int Attempts = 100;

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
            // A segment has settled, or a file was closed to make room: what is wanted is elsewhere now.
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
            $"The log of task {task} is damaged after entry {offset}: entries up to {log.NextOffset - 1} should follow, in {extents.Count} pieces of the journal or the first {log.Settled.End} bytes of its file.");
    }

    private void ReadFile(TaskLog log, long offset, LogPage page)
    {
        if (handles.Get(log.Task) is not { } file)
            return;

        var settled = log.Settled;
        using var scanner = new RecordScanner(FileAhead);
        scanner.Start(file, settled.Find(offset + 1), settled.End);
        Read(scanner, offset, page);
    }

    private static void ReadExtents(List<Extent> extents, long offset, LogPage page)
    {
        using var scanner = new RecordScanner(FileAhead);
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
