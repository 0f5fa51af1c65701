using System.Buffers.Binary;
using System.Text;

namespace StreamRelay.Storage;

/// <summary>
/// Entries in a record, after its prefix: count (4), then for each: kind (1), time in Unix milliseconds (8), length of the
/// agent's name (2, 65535 = none), of content (4) and of metadata (4), and those bytes. Offsets count up from the record's.
/// </summary>
internal static class EntryCodec
{
    private const int HeadSize = 19;
    private const int RecordBytes = 256 << 10;
    private const ushort NoAgent = ushort.MaxValue;

    /// <summary>Writes as many entries as fit one record, and at least one.</summary>
    /// <returns>How many were written.</returns>
    public static int Write(RecordBuffer buffer, TaskId task, ReadOnlySpan<StreamEntry> entries)
    {
        var start = buffer.Begin(RecordKind.Entries, task, entries[0].Offset);
        buffer.Take(sizeof(int));
        var count = 0;
        while (count < entries.Length && (count == 0 || buffer.Length - start + entries[count].Event.Size < RecordBytes))
            Write(buffer, in entries[count++]);

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

        var bytes = body.ToArray();
        var position = Record.PrefixSize + sizeof(int);
        var offset = Record.Offset(body);
        for (var left = Record.Count(body); left > 0 && !page.IsFull; left--, offset++)
            position = Read(bytes, position, offset, after, page);
    }

    /// <exception cref="ArgumentException">The offsets do not count up from <paramref name="next"/>.</exception>
    public static void CheckOffsets(ReadOnlySpan<StreamEntry> entries, long next)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Offset != next++)
                throw new ArgumentException($"Offset {entry.Offset} does not go on from the log, whose next offset is {next - 1}.", nameof(entries));
        }
    }

    private static void Write(RecordBuffer buffer, in StreamEntry entry)
    {
        var said = entry.Event;
        var agent = said.Agent is null ? 0 : Encoding.UTF8.GetByteCount(said.Agent);
        if (agent >= NoAgent)
            throw new ArgumentException($"An agent's name has at most {NoAgent - 1} bytes.", nameof(entry));

        var target = buffer.Take(HeadSize + agent + said.Size);
        target[0] = (byte)said.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], entry.Time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt16LittleEndian(target[9..], said.Agent is null ? NoAgent : (ushort)agent);
        BinaryPrimitives.WriteInt32LittleEndian(target[11..], said.Content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[15..], said.Metadata.Length);
        Encoding.UTF8.GetBytes(said.Agent, target[HeadSize..]);
        said.Content.Span.CopyTo(target[(HeadSize + agent)..]);
        said.Metadata.Span.CopyTo(target[(HeadSize + agent + said.Content.Length)..]);
    }

    private static int Read(byte[] bytes, int position, long offset, long after, LogPage page)
    {
        var head = bytes.AsSpan(position, HeadSize);
        var agent = BinaryPrimitives.ReadUInt16LittleEndian(head[9..]);
        var agentStart = position + HeadSize;
        var contentStart = agentStart + (agent == NoAgent ? 0 : agent);
        var metadataStart = contentStart + BinaryPrimitives.ReadInt32LittleEndian(head[11..]);
        var end = metadataStart + BinaryPrimitives.ReadInt32LittleEndian(head[15..]);
        if (offset <= after)
            return end;

        var name = agent == NoAgent ? null : page.Name(bytes.AsSpan(agentStart, agent));
        var said = new StreamEvent(
            (StreamEventKind)head[0], bytes.AsMemory(contentStart..metadataStart), bytes.AsMemory(metadataStart..end), name);
        page.Add(new(offset, DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(head[1..])), said));
        return end;
    }
}
