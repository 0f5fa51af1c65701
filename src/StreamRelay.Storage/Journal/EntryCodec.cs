using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Writes and reads the entries of a record. They follow the prefix: count (4), then each entry in <see cref="EntryFormat"/>. The first entry has the offset of the record, and each further entry the next one.</summary>
internal static class EntryCodec
{
    private const int RecordBytes = 256 << 10;

    /// <summary>Writes one record with as many entries as fit into it, and at least one.</summary>
    /// <returns>The number of entries written.</returns>
    public static int Write(RecordBuffer buffer, TaskId task, ReadOnlySpan<StreamEntry> entries)
    {
        var start = buffer.Begin(RecordKind.Entries, task, entries[0].Offset);
        buffer.Reserve(sizeof(int));
        var count = 0;
        while (count < entries.Length && (count == 0 || buffer.Length - start + entries[count].Event.Size < RecordBytes))
        {
            ref readonly var entry = ref entries[count++];
            EntryFormat.Write(in entry, buffer.Reserve(EntryFormat.Size(in entry)));
        }

        buffer.Patch(start + Record.HeaderSize + Record.PrefixSize, count);
        buffer.End(start);
        return count;
    }

    /// <summary>Adds the entries of a record that come after an offset.</summary>
    /// <param name="record">A record with its header. It is copied, and the events refer to the copy.</param>
    /// <param name="after">The offset after which entries are read.</param>
    /// <param name="page">The page that the entries are added to until it is full.</param>
    /// <returns><see langword="false"/> when an entry is malformed; those before it were added.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, long after, LogPage page)
    {
        var body = record[Record.HeaderSize..];
        return Record.NextOffset(body) - 1 <= after
            || EntryFormat.TryRead(body[(Record.PrefixSize + sizeof(int))..].ToArray(), Record.Offset(body), Record.Count(body), after, page);
    }
}
