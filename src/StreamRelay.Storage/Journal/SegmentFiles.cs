using System.Globalization;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Finds the segments in the journal folder.</summary>
internal static class SegmentFiles
{
    /// <summary>Returns the numbers of the segments with an extension, in ascending order.</summary>
    public static IReadOnlyList<long> Segments(this IStorageDisk disk, StorageLayout layout, string extension)
    {
        var found = new List<long>();
        foreach (var name in disk.Files(layout.Journal))
        {
            if (Path.GetExtension(name) == extension && long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                found.Add(sequence);
        }

        found.Sort();
        return found;
    }
}
