using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The paths of the files and folders in the data folder.</summary>
internal sealed class StorageLayout(string root)
{
    public string Root { get; } = root;

    public string LockFile { get; } = Path.Combine(root, "lock");

    public string Database { get; } = Path.Combine(root, "streamrelay.db");

    public string Journal { get; } = Path.Combine(root, "journal");

    public string Tasks { get; } = Path.Combine(root, "tasks");

    public string Files { get; } = Path.Combine(root, "files");

    /// <summary>The folder of the files whose save has not finished.</summary>
    public string IncompleteFiles { get; } = Path.Combine(root, "files", "incomplete");

    public string Segment(long sequence) => Path.Combine(Journal, sequence.ToString("D16") + ".log");

    public string Task(TaskId task) => Path.Combine(Tasks, task.ToString());

    public string Events(TaskId task) => Path.Combine(Tasks, task.ToString(), "events");

    public string FilesOf(TaskId task) => Path.Combine(Files, task.ToString());
}
