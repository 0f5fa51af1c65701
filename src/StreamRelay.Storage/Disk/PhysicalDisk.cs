namespace StreamRelay.Storage.Disk;

/// <summary>The file system of the machine.</summary>
internal sealed class PhysicalDisk : IStorageDisk
{
    // With a narrower value the runtime takes a lock on each file that it opens.
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    public IStorageFile OpenWrite(string path) =>
        new PhysicalFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Share));

    public IStorageFile? OpenRead(string path)
    {
        try
        {
            return File.Exists(path) ? new PhysicalFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, Share)) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public bool DeleteFolder(string path)
    {
        // An exception for each folder that is not there would cost more than the deletion.
        if (!Directory.Exists(path))
            return false;

        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    public void SyncFolder(string path) => FolderSync.Run(path);

    public IReadOnlyList<string> Files(string folder)
    {
        var names = new List<string>();
        if (!Directory.Exists(folder))
            return names;

        foreach (var path in Directory.EnumerateFiles(folder))
            names.Add(Path.GetFileName(path));
        return names;
    }
}
