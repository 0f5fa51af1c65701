using System.Buffers.Binary;
using System.Numerics;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// The layout of a record, little-endian: length of the body (4), CRC32C of length and body (4), then the body:
/// kind (1), task (16, big-endian), offset (8), and the data of the kind. The highest bit of the kind marks the first record of a group.
/// </summary>
internal static class Record
{
    public const int HeaderSize = 8;
    public const int PrefixSize = 25;

    private const byte GroupStart = 0x80;
    private const long MaxOffset = 1L << 40;
    private const int TaskPosition = 1;
    private const int OffsetPosition = 17;

    public static RecordKind Kind(ReadOnlySpan<byte> body) => (RecordKind)(body[0] & ~GroupStart);

    /// <summary>Whether the record is the first one of a group, so that every record before it was written completely.</summary>
    public static bool StartsGroup(ReadOnlySpan<byte> body) => (body[0] & GroupStart) != 0;

    /// <summary>Whether bytes can be the header and the prefix of a record. Random bytes almost never are.</summary>
    /// <param name="start">The first <see cref="HeaderSize"/> and <see cref="PrefixSize"/> bytes.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadInt32LittleEndian(start) >= PrefixSize && Enum.IsDefined(Kind(start[HeaderSize..])) && Offset(start[HeaderSize..]) is >= 0 and < MaxOffset;

    public static TaskId Task(ReadOnlySpan<byte> body) => new(new Guid(body.Slice(TaskPosition, 16), bigEndian: true));

    public static long Offset(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body[OffsetPosition..]);

    /// <summary>The length of a record by its header, which may be damaged.</summary>
    public static long Size(ReadOnlySpan<byte> record) => HeaderSize + (long)BinaryPrimitives.ReadInt32LittleEndian(record);

    /// <summary>The epoch of an <see cref="RecordKind.Epoch"/> record.</summary>
    public static long Epoch(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body[PrefixSize..]);

    /// <summary>The number of entries in an <see cref="RecordKind.Entries"/> record.</summary>
    public static int Count(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt32LittleEndian(body[PrefixSize..]);

    /// <summary>The offset after this record.</summary>
    public static long NextOffset(ReadOnlySpan<byte> body) =>
        Offset(body) + (Kind(body) == RecordKind.Entries ? Count(body) : 0);

    public static void WritePrefix(Span<byte> body, RecordKind kind, bool startsGroup, TaskId task, long offset)
    {
        body[0] = (byte)((byte)kind | (startsGroup ? GroupStart : 0));
        task.Value.TryWriteBytes(body[TaskPosition..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(body[OffsetPosition..], offset);
    }

    /// <summary>Fills in the header of a record whose body is complete.</summary>
    public static void Seal(Span<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record));
    }

    /// <summary>Whether the checksum in a record's header matches the record.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == Checksum(record);

    /// <summary>Whether a body has the fields of its kind, and as many bytes as its number of entries needs.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> body) => Kind(body) switch
    {
        RecordKind.Entries => body.Length >= PrefixSize + sizeof(int) && Count(body) is > 0 and var count && count <= (body.Length - PrefixSize - sizeof(int)) / EntryFormat.HeadSize,
        RecordKind.Epoch => body.Length >= PrefixSize + sizeof(long),
        _ => true,
    };

    /// <summary>Returns the CRC32C of the first four bytes and of the bytes from the ninth on.</summary>
    public static uint Checksum(ReadOnlySpan<byte> record) => Crc(Crc(uint.MaxValue, record[..4]), record[HeaderSize..]) ^ uint.MaxValue;

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
