namespace StreamRelay.Storage;

/// <summary>Keeps a second store away from the folder for as long as this one lives.</summary>
internal sealed class DataFolderLock(FileStream file) : IDisposable
{
    /// <exception cref="IOException">The folder cannot be written to, or another store has it open.</exception>
    public static DataFolderLock Take(StorageLayout layout)
    {
        try
        {
            Directory.CreateDirectory(layout.Root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(layout.Root, exception);
        }

        try
        {
            return new(new FileStream(layout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(layout.Root, exception);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The data folder '{layout.Root}' is in use by another server: stop that one, or set {StorageOptions.DataPathKey} to another folder.", exception);
        }
    }

    public void Dispose() => file.Dispose();

    private static IOException NotWritable(string folder, Exception exception) =>
        new($"The data folder '{folder}' cannot be written to: set {StorageOptions.DataPathKey} to a folder that this process may write to. {exception.Message}", exception);
}
