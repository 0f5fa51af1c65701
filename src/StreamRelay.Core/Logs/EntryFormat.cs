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
    /// <summary>The bytes of the smallest entry.</summary>
    public const int HeadSize = 19;

    private const ushort NoAgent = ushort.MaxValue;

    private static readonly long FirstTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LastTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

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

    /// <summary>Adds entries that follow each other to a page, until it is full.</summary>
    /// <param name="bytes">The entries. The events refer to these bytes.</param>
    /// <param name="first">The offset of the first of them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="after">Entries up to this offset are left out.</param>
    /// <param name="page">The page.</param>
    /// <returns><see langword="false"/> when the bytes are not so many entries; those before the first that is malformed were added.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, long first, int count, long after, LogPage page)
    {
        for (var offset = first; offset < first + count && !page.IsFull; offset++)
        {
            if (Measure(bytes.Span) is not { } size)
                return false;
            if (offset > after)
                page.Add(Read(bytes[..size], offset, page));

            bytes = bytes[size..];
        }

        return true;
    }

    /// <summary>Whether bytes are so many entries and nothing else.</summary>
    public static bool AreEntries(ReadOnlySpan<byte> bytes, int count)
    {
        for (; count > 0; count--)
        {
            if (Measure(bytes) is not { } size)
                return false;

            bytes = bytes[size..];
        }

        return bytes.IsEmpty;
    }

    /// <returns>The size of the entry at the beginning; <see langword="null"/> when there is no whole one.</returns>
    private static int? Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSize || BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) is var time && (time < FirstTime || time > LastTime))
            return null;

        var size = (long)HeadSize + AgentLength(bytes) + BinaryPrimitives.ReadUInt32LittleEndian(bytes[11..]) + BinaryPrimitives.ReadUInt32LittleEndian(bytes[15..]);
        return size <= bytes.Length ? (int)size : null;
    }

    private static StreamEntry Read(ReadOnlyMemory<byte> entry, long offset, LogPage page)
    {
        var head = entry.Span;
        var contentStart = HeadSize + AgentLength(head);
        var metadataStart = contentStart + BinaryPrimitives.ReadInt32LittleEndian(head[11..]);
        var name = BinaryPrimitives.ReadUInt16LittleEndian(head[9..]) == NoAgent ? null : page.Name(head[HeadSize..contentStart]);
        var streamEvent = new StreamEvent((StreamEventKind)head[0], entry[contentStart..metadataStart], entry[metadataStart..], name);
        return new(offset, DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(head[1..])), streamEvent);
    }

    private static int AgentLength(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt16LittleEndian(head[9..]) is var length && length == NoAgent ? 0 : length;

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
