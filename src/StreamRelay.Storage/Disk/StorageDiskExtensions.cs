namespace StreamRelay.Storage.Disk;

internal static class StorageDiskExtensions
{
    /// <summary>Writes a whole file under a name that nobody reads yet.</summary>
    public static void WriteAll(this IStorageDisk disk, string path, ReadOnlySpan<byte> bytes, bool sync)
    {
        using var file = disk.OpenWrite(path);
        if (file.Length > 0)
            file.SetLength(0);
        file.Write(bytes, 0);
        if (sync)
            file.Sync();
    }

    /// <returns><see langword="null"/> when there is no such file.</returns>
    public static byte[]? ReadAll(this IStorageDisk disk, string path)
    {
        using var file = disk.OpenRead(path);
        if (file is null)
            return null;

        var bytes = new byte[file.Length];
        var filled = 0;
        while (filled < bytes.Length && file.Read(bytes.AsSpan(filled), filled) is > 0 and var read)
            filled += read;
        return bytes;
    }
}
