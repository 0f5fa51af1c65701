namespace StreamRelay.Tasks;

/// <summary>The URLs at which the files of tasks are downloaded.</summary>
public static class FileUrl
{
    /// <summary>The URL of a file: a path, such as <c>/ai/download/01a1fc3490c470f698d90bf3e1de5334/a.md</c>.</summary>
    /// <param name="basePath">The path below which the routes of StreamRelay are, such as <c>/ai</c>; empty at the root.</param>
    /// <param name="task">The task.</param>
    /// <param name="name">The name of the file.</param>
    public static string Of(string basePath, TaskId task, string name) => $"{basePath}/download/{task}/{Uri.EscapeDataString(name)}";
}
