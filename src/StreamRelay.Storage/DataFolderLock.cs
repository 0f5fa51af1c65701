namespace StreamRelay.Storage;

/// <summary>An exclusive lock on the data folder, which a second server cannot take before this one is disposed.</summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Locks a folder, and creates it if it does not exist.</summary>
    /// <exception cref="IOException">The folder cannot be written to, or another server has locked it. The message names the folder and the setting to change.</exception>
    public static DataFolderLock Take(string folder)
    {
        var layout = new StorageLayout(Path.GetFullPath(folder));
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
                $"The data folder '{layout.Root}' is in use by another server: stop that server, or set {StorageOptions.DataPathKey} to another folder.", exception);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static IOException NotWritable(string folder, Exception exception) =>
        new($"The data folder '{folder}' cannot be written to: set {StorageOptions.DataPathKey} to a folder that this process can write to. {exception.Message}", exception);
}
