using System.Buffers.Binary;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>What is known of a task's own file: the settled part of its log. Immutable.</summary>
/// <param name="End">How many of its bytes count; 0 when there is no file.</param>
/// <param name="NextOffset">The offset after its last entry.</param>
/// <param name="Epoch">The highest epoch in it.</param>
/// <param name="Bookmarks">A place to start reading from every 64 KiB or so.</param>
internal sealed record SealedSegment(long End, long NextOffset, long Epoch, IndexEntry[] Bookmarks)
{
    public const int HeaderSize = 12;

    private const uint Magic = 0x5652_5253;
    private const int Version = 1;

    /// <summary>The epoch of a log that nobody has opened.</summary>
    public const long NoEpoch = long.MinValue;

    public static SealedSegment None { get; } = new(0, 1, NoEpoch, []);

    public static void WriteHeader(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Record.Checksum(target));
    }

    /// <summary>Reads through a task's file. Parts from segment <paramref name="limit"/> on do not count: the journal still has them whole.</summary>
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

    /// <summary>Where to start reading to come upon an offset.</summary>
    public long Find(long offset)
    {
        var (low, high) = (0, Bookmarks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Bookmarks[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? HeaderSize : Bookmarks[low - 1].Position;
    }

    private static bool HasHeader(IStorageFile file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        var whole = file.Read(header, 0) == HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic;
        if (!whole || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != Record.Checksum(header))
            return false;

        FileVersion.Check(BinaryPrimitives.ReadInt32LittleEndian(header[8..]), Version, path);
        return true;
    }
}
