using System.Globalization;
using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The paths of the files and folders in the data folder.</summary>
internal sealed class StorageLayout(string root)
{
    public const string SegmentExtension = ".log";
    public const string SealedExtension = ".sealed";
    public const string DamagedExtension = ".damaged";

    public string Root { get; } = root;

    public string LockFile { get; } = Path.Combine(root, "lock");

    /// <summary>A file that is written to find out whether the folder can be written to.</summary>
    public string Probe { get; } = Path.Combine(root, "probe");

    public string Database { get; } = Path.Combine(root, "streamrelay.db");

    public string Journal { get; } = Path.Combine(root, "journal");

    /// <summary>The folder in which format 1 kept the logs of the tasks.</summary>
    public string Tasks { get; } = Path.Combine(root, "tasks");

    public string Files { get; } = Path.Combine(root, "files");

    /// <summary>The folder of the files whose save has not finished.</summary>
    public string IncompleteFiles { get; } = Path.Combine(root, "files", "incomplete");

    /// <summary>The path of a segment that is or was appended to.</summary>
    public string Segment(long sequence) => JournalFile(sequence, SegmentExtension);

    /// <summary>The path of a segment whose records are clustered by task.</summary>
    public string SealedSegment(long sequence) => JournalFile(sequence, SealedExtension);

    /// <summary>The path of a segment with damage, which is kept for repair and not read any more.</summary>
    public string DamagedSegment(long sequence) => JournalFile(sequence, DamagedExtension);

    public string FilesOf(TaskId task) => Path.Combine(Files, task.ToString());

    private string JournalFile(long sequence, string extension) => Path.Combine(Journal, sequence.ToString("D16", CultureInfo.InvariantCulture) + extension);
}
