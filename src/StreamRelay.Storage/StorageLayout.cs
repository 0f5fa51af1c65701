using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The paths of the files and folders in the data folder.</summary>
internal sealed class StorageLayout(string root)
{
    /// <summary>The end of the names of files that are not complete yet.</summary>
    public const string TemporarySuffix = ".tmp";

    public string Root { get; } = root;

    public string LockFile { get; } = Path.Combine(root, "lock");

    public string Journal { get; } = Path.Combine(root, "journal");

    public string Tasks { get; } = Path.Combine(root, "tasks");

    public string Segment(long sequence) => Path.Combine(Journal, sequence.ToString("D16") + ".log");

    public string Task(TaskId task) => Path.Combine(Tasks, task.ToString());

    public string Events(TaskId task) => Path.Combine(Tasks, task.ToString(), "events");

    public string Request(TaskId task) => Path.Combine(Tasks, task.ToString(), "request");

    public string Input(TaskId task) => Path.Combine(Tasks, task.ToString(), "input");

    public string Record(TaskId task) => Path.Combine(Tasks, task.ToString(), "record");

    public string Files(TaskId task) => Path.Combine(Tasks, task.ToString(), "files");
}
