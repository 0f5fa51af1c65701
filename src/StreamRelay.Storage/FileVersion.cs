namespace StreamRelay.Storage;

internal static class FileVersion
{
    /// <summary>Checks that a file has the format that this version reads.</summary>
    /// <exception cref="IOException">The file has another format.</exception>
    public static void Check(long found, long known, string path)
    {
        if (found != known)
            throw new IOException($"'{path}' has format {found}, and this version reads format {known}: use the version that wrote it, or set {StorageOptions.DataPathKey} to another folder.");
    }
}
