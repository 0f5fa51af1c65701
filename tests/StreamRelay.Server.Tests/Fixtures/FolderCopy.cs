namespace StreamRelay.Server.Fixtures;

/// <summary>Copies projects that a test builds, so that nothing of it is left in the checkout.</summary>
internal static class FolderCopy
{
    /// <summary>Copies all files of a folder and of those in it.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
