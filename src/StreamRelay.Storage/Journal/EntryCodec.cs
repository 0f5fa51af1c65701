using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Entries in a record, after its prefix: count (4), then each in <see cref="EntryFormat"/>. Offsets count up from the record's.</summary>
internal static class EntryCodec
{
    private const int RecordBytes = 256 << 10;

    /// <summary>Writes as many entries as fit one record, and at least one.</summary>
    /// <returns>How many were written.</returns>
    public static int Write(RecordBuffer buffer, TaskId task, ReadOnlySpan<StreamEntry> entries)
    {
        var start = buffer.Begin(RecordKind.Entries, task, entries[0].Offset);
        buffer.Take(sizeof(int));
        var count = 0;
        while (count < entries.Length && (count == 0 || buffer.Length - start + entries[count].Event.Size < RecordBytes))
        {
            ref readonly var entry = ref entries[count++];
            EntryFormat.Write(in entry, buffer.Take(EntryFormat.Size(in entry)));
        }

        buffer.Patch(start + Record.HeaderSize + Record.PrefixSize, count);
        buffer.End(start);
        return count;
    }

    /// <summary>Adds the entries of a record that come after an offset.</summary>
    /// <param name="record">A record with its header; the events keep parts of a copy of it.</param>
    /// <param name="after">The offset after which entries are wanted.</param>
    /// <param name="page">Takes the entries, until it is full.</param>
    public static void Read(ReadOnlySpan<byte> record, long after, LogPage page)
    {
        var body = record[Record.HeaderSize..];
        if (Record.NextOffset(body) - 1 <= after)
            return;

        ReadOnlyMemory<byte> rest = body[(Record.PrefixSize + sizeof(int))..].ToArray();
        var offset = Record.Offset(body);
        for (var left = Record.Count(body); left > 0 && !page.IsFull; left--, offset++)
            rest = rest[EntryFormat.Read(rest, offset, after, page)..];
    }
}
