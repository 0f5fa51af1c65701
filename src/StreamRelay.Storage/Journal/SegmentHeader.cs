using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// The first bytes of a segment. It names the segment before it and how much of that one counts: what a failed write left
/// behind there is void from the moment this header is stored, and segments between the two are void altogether.
/// </summary>
/// <param name="Sequence">The segment's number; never used again.</param>
/// <param name="Previous">The number of the segment before it; 0 for none.</param>
/// <param name="PreviousLength">How many bytes of that segment count.</param>
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

    /// <returns><see langword="null"/> when the file does not start with a whole header.</returns>
    /// <exception cref="IOException">A later version of the program wrote it.</exception>
    public static SegmentHeader? Read(IStorageFile file, string path)
    {
        Span<byte> source = stackalloc byte[Size];
        var read = 0;
        while (read < Size && file.Read(source[read..], read) is > 0 and var more)
            read += more;

        var whole = read == Size && BinaryPrimitives.ReadUInt32LittleEndian(source) == Magic;
        if (!whole || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Record.Checksum(source))
            return null;

        FileVersion.Check(BinaryPrimitives.ReadInt64LittleEndian(source[32..]), Version, path);
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]));
    }
}
