using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>The working folder of a child, with a subfolder <c>out</c> for the files of the answer. Disposing removes the folder.</summary>
internal sealed class WorkFolder : IDisposable
{
    private WorkFolder(string path) => Path = path;

    public string Path { get; }

    public string Output => System.IO.Path.Combine(Path, "out");

    /// <summary>Creates an empty folder for a task, which no other user than the given one can open; by default the one that runs the server.</summary>
    public static WorkFolder Create(string root, TaskId task, ProcessUser? user = null)
    {
        var folder = new WorkFolder(System.IO.Path.Combine(root, task.ToString()));
        folder.Dispose();
        Directory.CreateDirectory(folder.Output);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        user?.Give(folder.Output);
        user?.Give(folder.Path);
        return folder;
    }

    /// <summary>The tasks whose folders still exist.</summary>
    public static IEnumerable<TaskId> FindAbandoned(string root)
    {
        foreach (var folder in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
        {
            if (TaskId.TryParse(System.IO.Path.GetFileName(folder), out var task))
                yield return task;
        }
    }

    /// <summary>Removes a task's folder. The folder stays when it cannot be removed.</summary>
    public static void Remove(string root, TaskId task) => new WorkFolder(System.IO.Path.Combine(root, task.ToString())).Dispose();

    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A process still writes into the folder, or the child removed the permission to delete it. The next start of the server tries again.
        }
    }
}
