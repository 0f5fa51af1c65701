using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Inspection;

/// <summary>The file system of the machine, without changing it: a change has no effect.</summary>
internal sealed class ReadOnlyDisk : IStorageDisk
{
    private readonly PhysicalDisk _disk = new();

    public IStorageFile OpenWrite(string path) => _disk.OpenRead(path) ?? throw new FileNotFoundException($"'{path}' is missing.", path);

    public IStorageFile? OpenRead(string path) => _disk.OpenRead(path);

    public void Rename(string from, string to)
    {
    }

    public void Delete(string path)
    {
    }

    public void CreateFolder(string path)
    {
    }

    public bool DeleteFolder(string path) => false;

    public void SyncFolder(string path)
    {
    }

    public IReadOnlyList<string> Files(string folder) => _disk.Files(folder);
}
