namespace StreamRelay.Storage.Disk;

internal static class StorageDiskExtensions
{
    /// <summary>Replaces the contents of a file. A crash can leave the file incomplete, so the caller uses a name that no reader opens.</summary>
    public static void WriteAll(this IStorageDisk disk, string path, ReadOnlySpan<byte> bytes, bool sync)
    {
        using var file = disk.OpenWrite(path);
        if (file.Length > 0)
            file.SetLength(0);
        file.Write(bytes, 0);
        if (sync)
            file.Sync();
    }

    /// <summary>Reads the contents of a file.</summary>
    /// <returns><see langword="null"/> when the file does not exist.</returns>
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
