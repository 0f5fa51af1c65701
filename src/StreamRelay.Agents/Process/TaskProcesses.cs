using System.Globalization;
using System.Text;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>Finds the processes of tasks by their environment.</summary>
internal static class TaskProcesses
{
    private const string Processes = "/proc";

    private static readonly byte[] Variable = Encoding.ASCII.GetBytes(ChildStart.TaskVariable + "=");

    /// <summary>The processes that belong to one of the tasks; none where the system does not expose environments.</summary>
    public static IReadOnlyList<(int Process, TaskId Task)> Find(HashSet<TaskId> tasks)
    {
        List<(int, TaskId)> found = [];
        foreach (var folder in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories(Processes) : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != Environment.ProcessId && TaskOf(folder) is { } task && tasks.Contains(task))
            {
                found.Add((process, task));
            }
        }

        return found;
    }

    /// <summary>Kills the processes that belong to the task, in whatever process group they are: those with its environment, and those that work in its folder.</summary>
    public static void Kill(TaskId task, string folder)
    {
        foreach (var (process, _) in Find([task]))
            Signals.Send(process, Signals.Kill);
        foreach (var process in FindIn(folder))
            Signals.Send(process, Signals.Kill);
    }

    private static IEnumerable<int> FindIn(string folder) =>
        from path in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories(Processes) : []
        let process = int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where process > 0 && process != Environment.ProcessId && IsIn(Path.Combine(path, "cwd"), folder)
        select process;

    private static bool IsIn(string link, string folder)
    {
        try
        {
            return new FileInfo(link).LinkTarget is { } target && (target == folder || target.StartsWith(folder + "/", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended or belongs to another user.
            return false;
        }
    }

    private static TaskId? TaskOf(string folder)
    {
        try
        {
            return TaskOf(File.ReadAllBytes(Path.Combine(folder, "environ")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended or belongs to another user.
            return null;
        }
    }

    private static TaskId? TaskOf(ReadOnlySpan<byte> environment)
    {
        foreach (var range in environment.Split((byte)0))
        {
            var variable = environment[range];
            if (variable.StartsWith(Variable))
                return TaskId.TryParse(Encoding.ASCII.GetString(variable[Variable.Length..]), out var task) ? task : null;
        }

        return null;
    }
}
