using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// The header of a segment. It names the previous segment and the number of valid bytes in it. Once the header is stored,
/// the bytes after that number, which a failed write has left, are invalid, and so are all segments between the two.
/// </summary>
/// <param name="Sequence">The number of the segment, which is never used again.</param>
/// <param name="Previous">The number of the previous segment; in a sealed segment, the number of the sealed segment that it replaces; 0 for none.</param>
/// <param name="PreviousLength">The number of valid bytes in the previous segment.</param>
internal readonly record struct SegmentHeader(long Sequence, long Previous, long PreviousLength)
{
    public const int Size = 40;

    private const uint Magic = 0x4A52_5253;
    private const int Version = 1;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Previous);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], PreviousLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Record.Checksum(target[..Size]));
    }

    /// <summary>Reads the header of a segment.</summary>
    /// <returns><see langword="null"/> when the file does not start with a complete header.</returns>
    /// <exception cref="IOException">The file has a format that this version does not read.</exception>
    public static SegmentHeader? Read(IStorageFile file, string path)
    {
        Span<byte> source = stackalloc byte[Size];
        var read = 0;
        while (read < Size && file.Read(source[read..], read) is > 0 and var more)
            read += more;

        var hasMagic = read == Size && BinaryPrimitives.ReadUInt32LittleEndian(source) == Magic;
        if (!hasMagic || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Record.Checksum(source))
            return null;

        FileVersion.Check(BinaryPrimitives.ReadInt64LittleEndian(source[32..]), Version, path);
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]));
    }
}
