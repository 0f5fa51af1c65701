using System.Buffers.Binary;
using StreamRelay.Events;
using StreamRelay.Logs;
using RedisElement = StackExchange.Redis.StreamEntry;

namespace StreamRelay.Redis.Log;

/// <summary>
/// An element of a task's stream as it is stored: its id, and a field whose name is the format. Format 1 is the number of entries (4 bytes,
/// little-endian), then each entry in <see cref="EntryFormat"/>; their offsets count up from the id's. Where several may write with the same id, a
/// second field names the writer. A marker has the field <c>node</c> instead.
/// </summary>
internal readonly struct StoredBatch
{
    /// <summary>The name of the field of a batch.</summary>
    public const string Format = "1";

    /// <summary><see cref="Format"/> in UTF-8.</summary>
    public static ReadOnlySpan<byte> FormatName => "1"u8;

    /// <summary>The name of the field of a marker.</summary>
    public const string Marker = "node";

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<byte> _writer;

    private StoredBatch(EntryId id, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> writer)
    {
        Id = id;
        _bytes = bytes;
        _writer = writer;
    }

    public EntryId Id { get; }

    /// <summary>About the number of bytes that the element takes in Redis.</summary>
    public int Size => _bytes.Length;

    /// <summary>The number of entries; 0 for a marker.</summary>
    public int Count => Id.IsMarker ? 0 : BinaryPrimitives.ReadInt32LittleEndian(_bytes.Span);

    /// <summary>The offset of the last entry; 0 for a marker.</summary>
    public long LastOffset => Id.IsMarker ? 0 : Id.Offset + Count - 1;

    /// <summary>The bytes of entries that follow each other.</summary>
    public static byte[] Write(ReadOnlySpan<StreamEntry> entries)
    {
        var size = sizeof(int);
        foreach (ref readonly var entry in entries)
            size += EntryFormat.Size(in entry);

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, entries.Length);
        var rest = bytes.AsSpan(sizeof(int));
        foreach (ref readonly var entry in entries)
        {
            var length = EntryFormat.Size(in entry);
            EntryFormat.Write(in entry, rest[..length]);
            rest = rest[length..];
        }

        return bytes;
    }

    /// <summary>Reads a batch in <see cref="Format"/>.</summary>
    /// <returns><see langword="null"/> when the bytes are malformed.</returns>
    public static StoredBatch? Read(EntryId id, ReadOnlyMemory<byte> bytes) => IsWhole(id, bytes.Span) ? new StoredBatch(id, bytes, default) : null;

    /// <summary>Reads one element of a stream.</summary>
    /// <returns><see langword="null"/> when it is malformed.</returns>
    /// <exception cref="IOException">A later version wrote it.</exception>
    public static StoredBatch? Read(in RedisElement element)
    {
        var fields = element.Values;
        if (!EntryId.TryParse(((ReadOnlyMemory<byte>)element.Id).Span, out var id) || fields is not [var first, ..])
            return null;
        if (id.IsMarker)
            return new StoredBatch(id, default, default);
        if (first.Name != Format)
            throw new IOException($"Entry {id} of a log has format '{first.Name}', and this server knows only format {Format}: a newer one wrote it. Update this node.");

        return IsWhole(id, ((ReadOnlyMemory<byte>)first.Value).Span)
            ? new StoredBatch(id, first.Value, fields.Length > 1 ? fields[1].Value : default(ReadOnlyMemory<byte>))
            : null;
    }

    /// <summary>The element that writes the same again.</summary>
    public LogElement ToElement() => new(Id, Format, _bytes);

    /// <summary>Adds the entries after an offset to a page, until it is full.</summary>
    public void ReadInto(LogPage page, long after)
    {
        if (!Id.IsMarker)
            EntryFormat.TryRead(_bytes[sizeof(int)..], Id.Offset, Count, after, page);
    }

    /// <summary>Whether this one of several writers wrote it.</summary>
    public bool IsBy(ReadOnlySpan<byte> writer) => _writer.Span.SequenceEqual(writer);

    /// <summary>Whether its bytes are these.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes) => _bytes.Span.SequenceEqual(bytes);

    /// <summary>Whether it is the same element with the same entries.</summary>
    public bool IsSame(in StoredBatch other) => Id == other.Id && Holds(other._bytes.Span);

    /// <summary>Whether its last entry is a terminal one.</summary>
    public bool EndsLog()
    {
        var page = new LogPage(1);
        ReadInto(page, LastOffset - 1);
        return page.ToMemory().Span[0].Event.Kind.IsTerminal();
    }

    private static bool IsWhole(EntryId id, ReadOnlySpan<byte> bytes) => bytes.Length > sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and var count
        && id.Offset <= long.MaxValue - count && EntryFormat.AreEntries(bytes[sizeof(int)..], count);
}
