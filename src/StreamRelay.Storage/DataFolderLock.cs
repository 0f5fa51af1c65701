namespace StreamRelay.Storage;

/// <summary>An exclusive lock on the data folder, which a second server cannot take before this one is disposed.</summary>
public sealed class DataFolderLock : IDisposable
{
    private const int Attempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;
    private readonly DateTime _written;

    private DataFolderLock(FileStream file)
    {
        _file = file;
        File.SetLastWriteTimeUtc(file.SafeFileHandle, TimeProvider.System.GetUtcNow().UtcDateTime);
        _written = File.GetLastWriteTimeUtc(file.Name);
    }

    /// <summary>Whether the folder still contains the file that was locked. When it is gone or was replaced, another server can use the folder.</summary>
    public bool IsHeld => File.GetLastWriteTimeUtc(_file.Name) == _written;

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
            return new(Open(() => new FileStream(layout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)));
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

    /// <summary>Whether a server has locked a folder. Changes nothing in it.</summary>
    public static bool IsTaken(string folder)
    {
        var path = new StorageLayout(Path.GetFullPath(folder)).LockFile;
        try
        {
            if (File.Exists(path))
                Open(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)).Dispose();

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Opens the file, and tries that for a second: a program that a server has just started shares its lock until it has closed the files that it inherited.</summary>
    private static FileStream Open(Func<FileStream> open)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return open();
            }
            catch (IOException) when (attempt < Attempts)
            {
                Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();
            }
        }
    }

    private static IOException NotWritable(string folder, Exception exception) =>
        new($"The data folder '{folder}' cannot be written to: set {StorageOptions.DataPathKey} to a folder that this process can write to. {exception.Message}", exception);
}
