using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>The folder that a child runs in, with <c>out</c> for the files it makes; removed afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    private WorkFolder(string path) => Path = path;

    public string Path { get; }

    public string Output => System.IO.Path.Combine(Path, "out");

    /// <summary>Makes an empty folder for a task.</summary>
    public static WorkFolder Create(string root, TaskId task)
    {
        var folder = new WorkFolder(System.IO.Path.Combine(root, task.ToString()));
        folder.Dispose();
        Directory.CreateDirectory(folder.Output);
        return folder;
    }

    /// <summary>The tasks whose folders were not removed.</summary>
    public static IEnumerable<TaskId> Left(string root)
    {
        foreach (var folder in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
        {
            if (TaskId.TryParse(System.IO.Path.GetFileName(folder), out var task))
                yield return task;
        }
    }

    /// <summary>Removes a task's folder, if it can be.</summary>
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
            // Something still writes into it, or the child took the right away; the next start tries again.
        }
    }
}
