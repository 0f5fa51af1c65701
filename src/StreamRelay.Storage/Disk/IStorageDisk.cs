namespace StreamRelay.Storage.Disk;

/// <summary>The operations of the embedded store on the file system. Tests implement it to make an operation fail or to lose its effect.</summary>
internal interface IStorageDisk
{
    /// <summary>Opens a file for reading and writing, and creates it if it does not exist.</summary>
    IStorageFile OpenWrite(string path);

    /// <summary>Opens a file for reading.</summary>
    /// <returns><see langword="null"/> when the file does not exist.</returns>
    IStorageFile? OpenRead(string path);

    /// <summary>Moves a file to another name, and replaces an existing file of that name.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file, if it exists.</summary>
    void Delete(string path);

    /// <summary>Creates a folder and its parent folders, unless they exist.</summary>
    void CreateFolder(string path);

    /// <summary>Deletes a folder with its contents.</summary>
    /// <returns><see langword="false"/> when the folder did not exist.</returns>
    bool DeleteFolder(string path);

    /// <summary>Flushes the entries of a folder to the disk. Does nothing when the folder does not exist.</summary>
    void SyncFolder(string path);

    /// <summary>Returns the names of the files in a folder; none when the folder does not exist.</summary>
    IReadOnlyList<string> Files(string folder);
}
