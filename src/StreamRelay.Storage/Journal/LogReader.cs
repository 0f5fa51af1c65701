using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Reads pages of a log from the segments. Each entry of a page has the offset after the one before it.</summary>
internal sealed class LogReader(LogTable table)
{
    private const int Attempts = 100;
    private const int MissingAttempts = 3;

    /// <summary>Reads the entries after an offset.</summary>
    /// <returns>At least one entry if there is one after the offset, and at most <paramref name="limit"/>.</returns>
    /// <exception cref="LogNotFoundException">The task has no log.</exception>
    /// <exception cref="LogDamagedException">The entry after the offset is damaged or missing.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public ReadOnlyMemory<StreamEntry> Read(TaskId task, long offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (TryRead(task, offset, limit, out var page))
                    return page;
                if (attempt >= MissingAttempts)
                    throw new LogDamagedException(task, offset);
            }
            // A segment was removed, or the cache has closed its file: the next attempt looks the extents up again.
            catch (ObjectDisposedException) when (attempt < Attempts)
            {
            }
        }
    }

    /// <returns><see langword="false"/> when the extents have changed during the read, or a file is missing: a segment that is being replaced is found under another name afterwards.</returns>
    private bool TryRead(TaskId task, long offset, int limit, out ReadOnlyMemory<StreamEntry> page)
    {
        var log = Find(task);
        page = default;
        if (offset + 1 >= log.NextOffset)
            return log.IsDamaged ? throw new LogDamagedException(task, log.NextOffset - 1) : true;

        var found = new LogPage(limit);
        var extents = log.ExtentsAfter(offset);
        using var records = new LogRecords(task, extents is [var first, ..] && first.FirstOffset <= offset + 1 ? extents : []);
        while (!found.IsFull && records.MoveNext())
        {
            if (Record.Kind(records.Current[Record.HeaderSize..]) == RecordKind.Entries && !EntryCodec.TryRead(records.Current, offset, found))
                break;
        }

        // The extents of a log that was deleted during the read are gone.
        if (found.IsEmpty && (records.IsFileMissing || Find(task) != log))
            return false;

        page = found.IsEmpty ? throw new LogDamagedException(task, offset) : found.ToMemory();
        return true;
    }

    private TaskLog Find(TaskId task) => table.Find(task) is { Exists: true } log ? log : throw new LogNotFoundException(task);
}
