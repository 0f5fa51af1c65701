namespace StreamRelay.Agents.Process;

/// <summary>Finds programs as a shell does.</summary>
internal static class ProgramPath
{
    /// <summary>The program's path, or <see langword="null"/> when there is none.</summary>
    public static string? Find(string command)
    {
        if (command.Contains(Path.DirectorySeparatorChar))
            return File.Exists(command) ? Path.GetFullPath(command) : null;

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);
    }
}
