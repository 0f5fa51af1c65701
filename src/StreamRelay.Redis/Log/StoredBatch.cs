using System.Buffers.Binary;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;

namespace StreamRelay.Redis;

/// <summary>
/// An element of a task's stream as it is kept: its id, and a field whose name is the format. Format 1 is: the number of entries (4,
/// little-endian), then each in <see cref="EntryFormat"/>; their offsets count up from the id's. Where several may write with the same id, a
/// second field says which one did. A marker has the field <c>node</c> instead.
/// </summary>
internal readonly struct StoredBatch
{
    /// <summary>The name of the field of a batch.</summary>
    public const string Format = "1";

    /// <summary>The name of the field of a marker.</summary>
    public const string Marker = "node";

    /// <summary>The name of the second field.</summary>
    public const string Writer = "by";

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<byte> _writer;

    private StoredBatch(EntryId id, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> writer)
    {
        Id = id;
        _bytes = bytes;
        _writer = writer;
    }

    public EntryId Id { get; }

    /// <summary>The command that writes it.</summary>
    public RespCommand ToCommand(string key) => RespCommand.Of("XADD", key, "NOMKSTREAM", Id.ToString(), Format, _bytes);

    /// <summary>How many bytes it takes in Redis, about.</summary>
    public int Size => _bytes.Length;

    public int Count => Id.IsMarker ? 0 : BinaryPrimitives.ReadInt32LittleEndian(_bytes.Span);

    /// <summary>The offset of its last entry; 0 for a marker.</summary>
    public long LastOffset => Id.IsMarker ? 0 : Id.Offset + Count - 1;

    /// <summary>The bytes of entries that lie one behind the other.</summary>
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

    /// <summary>Reads one element of an answer to XRANGE.</summary>
    /// <exception cref="IOException">It was written by a later version, or not by StreamRelay.</exception>
    public static StoredBatch Read(RespValue element)
    {
        var id = EntryId.Parse(element.Items[0].AsBytes().Span);
        var fields = element.Items[1].Items;
        if (id.IsMarker)
            return new(id, default, default);
        if (!fields[0].AsBytes().Span.SequenceEqual("1"u8))
            throw new IOException($"Entry {id} of a log has format '{fields[0].AsText()}', and this server knows only format {Format}: a newer one wrote it. Update this node.");

        return new(id, fields[1].AsBytes(), fields.Count > 3 ? fields[3].AsBytes() : default);
    }

    /// <summary>Adds the entries after an offset to a page, until it is full.</summary>
    public void ReadInto(LogPage page, long after)
    {
        if (Id.IsMarker)
            return;

        var rest = _bytes[sizeof(int)..];
        var offset = Id.Offset;
        for (var left = Count; left > 0 && !page.IsFull; left--, offset++)
            rest = rest[EntryFormat.Read(rest, offset, after, page)..];
    }

    /// <summary>Whether it was written by this one of several.</summary>
    public bool IsBy(ReadOnlySpan<byte> writer) => _writer.Span.SequenceEqual(writer);

    /// <summary>Whether its bytes are these.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes) => _bytes.Span.SequenceEqual(bytes);

    /// <summary>Whether its last entry is a terminal one.</summary>
    public bool EndsLog()
    {
        var page = new LogPage(1);
        ReadInto(page, LastOffset - 1);
        return page.ToMemory().Span[0].Event.Kind.IsTerminal();
    }
}
