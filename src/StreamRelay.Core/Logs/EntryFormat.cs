using System.Buffers.Binary;
using System.Text;
using StreamRelay.Events;

namespace StreamRelay.Logs;

/// <summary>
/// The format in which all stores keep an entry, version 1: kind (1), time in Unix milliseconds (8), length of the agent's name (2,
/// 65535 = none), of content (4) and of metadata (4), and those bytes; numbers are little-endian. The offset is kept beside it.
/// </summary>
internal static class EntryFormat
{
    private const int HeadSize = 19;
    private const ushort NoAgent = ushort.MaxValue;

    /// <summary>How many bytes <see cref="Write"/> takes.</summary>
    /// <exception cref="ArgumentException">The agent's name is too long.</exception>
    public static int Size(in StreamEntry entry)
    {
        var agent = entry.Event.Agent is { } name ? Encoding.UTF8.GetByteCount(name) : 0;
        return agent < NoAgent
            ? HeadSize + agent + entry.Event.Size
            : throw new ArgumentException($"An agent's name has at most {NoAgent - 1} bytes.", nameof(entry));
    }

    /// <summary>Writes an entry into exactly its <see cref="Size"/>.</summary>
    public static void Write(in StreamEntry entry, Span<byte> target)
    {
        var streamEvent = entry.Event;
        var agent = target.Length - HeadSize - streamEvent.Size;
        target[0] = (byte)streamEvent.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], entry.Time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt16LittleEndian(target[9..], streamEvent.Agent is null ? NoAgent : (ushort)agent);
        BinaryPrimitives.WriteInt32LittleEndian(target[11..], streamEvent.Content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[15..], streamEvent.Metadata.Length);
        Encoding.UTF8.GetBytes(streamEvent.Agent, target[HeadSize..]);
        streamEvent.Content.Span.CopyTo(target[(HeadSize + agent)..]);
        streamEvent.Metadata.Span.CopyTo(target[(HeadSize + agent + streamEvent.Content.Length)..]);
    }

    /// <summary>Adds the entry at the beginning of <paramref name="bytes"/> to a page, if its offset is greater than <paramref name="after"/>. The event refers to the bytes.</summary>
    /// <returns>The size of the entry.</returns>
    public static int Read(ReadOnlyMemory<byte> bytes, long offset, long after, LogPage page)
    {
        var head = bytes.Span;
        var agent = BinaryPrimitives.ReadUInt16LittleEndian(head[9..]);
        var contentStart = HeadSize + (agent == NoAgent ? 0 : agent);
        var metadataStart = contentStart + BinaryPrimitives.ReadInt32LittleEndian(head[11..]);
        var end = metadataStart + BinaryPrimitives.ReadInt32LittleEndian(head[15..]);
        if (offset <= after)
            return end;

        var name = agent == NoAgent ? null : page.Name(head[HeadSize..contentStart]);
        var streamEvent = new StreamEvent((StreamEventKind)head[0], bytes[contentStart..metadataStart], bytes[metadataStart..end], name);
        page.Add(new(offset, DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(head[1..])), streamEvent));
        return end;
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
}
