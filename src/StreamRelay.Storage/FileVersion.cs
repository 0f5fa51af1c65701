namespace StreamRelay.Storage;

internal static class FileVersion
{
    /// <exception cref="IOException">The file has another format than this program reads.</exception>
    public static void Check(long found, long known, string path)
    {
        if (found != known)
            throw new IOException($"'{path}' has format {found}, and this version reads format {known}: use the version that wrote it, or set {StorageOptions.DataPathKey} to another folder.");
    }
}
