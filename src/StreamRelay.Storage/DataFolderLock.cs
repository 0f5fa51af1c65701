namespace StreamRelay.Storage;

/// <summary>Keeps a second server away from the data folder for as long as this one lives.</summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the folder, making it when there is none.</summary>
    /// <exception cref="IOException">The folder cannot be written to, or another server has it; the message names it and the way out.</exception>
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
                $"The data folder '{layout.Root}' is in use by another server: stop that one, or set {StorageOptions.DataPathKey} to another folder.", exception);
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => _file.Dispose();

    private static IOException NotWritable(string folder, Exception exception) =>
        new($"The data folder '{folder}' cannot be written to: set {StorageOptions.DataPathKey} to a folder that this process may write to. {exception.Message}", exception);
}
