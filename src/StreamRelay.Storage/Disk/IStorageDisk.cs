namespace StreamRelay.Storage.Disk;

/// <summary>Every touch of the file system by the embedded store, so that tests can cut, lose and fail each one of them.</summary>
internal interface IStorageDisk
{
    /// <summary>Opens a file for reading and writing, creating it when there is none.</summary>
    IStorageFile OpenWrite(string path);

    /// <summary>Opens a file for reading.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    IStorageFile? OpenRead(string path);

    /// <summary>Renames a file within its folder, replacing one of that name.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file, if there is one.</summary>
    void Delete(string path);

    /// <summary>Makes a folder and those above it, unless they are there.</summary>
    void CreateFolder(string path);

    /// <summary>Removes a folder with all that is in it, if there is one.</summary>
    void DeleteFolder(string path);

    /// <summary>Forces the names in a folder onto the disk; nothing happens when it is gone.</summary>
    void SyncFolder(string path);

    /// <summary>The names of the files in a folder; empty when there is no folder.</summary>
    IReadOnlyList<string> Files(string folder);

    /// <summary>The names of the folders in a folder; empty when there is no folder.</summary>
    IReadOnlyList<string> Folders(string folder);
}
