namespace StreamRelay.Agents.Process;

/// <summary>Finds programs as a shell does.</summary>
internal static class Executable
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a command: a path relative to the server's folder, or a name in one of the folders of <paramref name="path"/>.</summary>
    /// <returns>The path, or <see langword="null"/> when there is no such executable file.</returns>
    public static string? Find(string command, string? path)
    {
        // On Windows the system searches for the program when the process is started.
        if (OperatingSystem.IsWindows())
            return command;
        if (command.Contains('/'))
            return Path.GetFullPath(command) is var full && IsExecutable(full) ? full : null;

        return (path ?? "").Split(':').Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, command)).FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Execute) != 0;
}
