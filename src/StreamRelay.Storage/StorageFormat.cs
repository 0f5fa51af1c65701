namespace StreamRelay.Storage;

/// <summary>Recognizes the format of a data folder before anything is written into it.</summary>
internal static class StorageFormat
{
    /// <summary>Checks that a folder holds a store of this format, or none.</summary>
    /// <exception cref="IOException">The folder has another format, or its database is missing. The message names the folder and the way out.</exception>
    public static void Check(StorageLayout layout)
    {
        if (HasEntries(layout.Tasks))
            throw new IOException($"'{layout.Tasks}' has format 1, and this version reads format 2: use version 0.1 for it, or set {StorageOptions.DataPathKey} to another folder.");
        if (!File.Exists(layout.Database) && HasEntries(layout.Journal))
            throw new IOException($"'{layout.Database}' is missing beside the events in '{layout.Journal}': restore it from a backup, or set {StorageOptions.DataPathKey} to another folder.");
    }

    private static bool HasEntries(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
}
