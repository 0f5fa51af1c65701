using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Describes a task's own file, which holds the part of its log that was moved out of the journal. Immutable.</summary>
/// <param name="End">The number of valid bytes in the file; 0 when there is no file.</param>
/// <param name="NextOffset">The offset after the last entry in the file.</param>
/// <param name="Epoch">The highest epoch in the file.</param>
/// <param name="Index">Positions at which a reader can start, about one for every 64 KiB.</param>
internal sealed record SealedSegment(long End, long NextOffset, long Epoch, IndexEntry[] Index)
{
    public const int HeaderSize = 12;

    private const uint Magic = 0x5652_5253;
    private const int Version = 1;

    /// <summary>The epoch of a log that was never opened for writing.</summary>
    public const long NoEpoch = long.MinValue;

    /// <summary>The description of a file that does not exist.</summary>
    public static SealedSegment None { get; } = new(0, 1, NoEpoch, []);

    public static void WriteHeader(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Record.Checksum(target));
    }

    /// <summary>Reads a task's file from its start. Parts that came from segment <paramref name="limit"/> or a later one are ignored, because the journal still holds their records.</summary>
    /// <returns><see cref="None"/> when the file does not exist or has no valid header.</returns>
    /// <exception cref="IOException">The file has a format that this version does not read.</exception>
    public static SealedSegment Load(IStorageDisk disk, string path, long limit)
    {
        using var file = disk.OpenRead(path);
        if (file is null || !HasHeader(file, path))
            return None;

        using var scanner = new RecordScanner();
        scanner.Start(file, HeaderSize, file.Length);
        var builder = new SealedSegmentBuilder(None with { End = HeaderSize });
        while (scanner.MoveNext())
        {
            var body = scanner.Body;
            if (Record.Kind(body) == RecordKind.Part && Record.Offset(body) >= limit || !builder.Add(body, scanner.Position, scanner.Next))
                break;
        }

        return builder.Build();
    }

    /// <summary>Returns the last indexed position at or before the entry with an offset.</summary>
    public long Find(long offset)
    {
        var (low, high) = (0, Index.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Index[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? HeaderSize : Index[low - 1].Position;
    }

    private static bool HasHeader(IStorageFile file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        var hasMagic = file.Read(header, 0) == HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic;
        if (!hasMagic || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != Record.Checksum(header))
            return false;

        FileVersion.Check(BinaryPrimitives.ReadInt32LittleEndian(header[8..]), Version, path);
        return true;
    }
}
