using StreamRelay.Tasks;

namespace StreamRelay.Agents.Process;

/// <summary>A control group of Linux that holds all processes of a task, whatever they do to their session and environment.</summary>
internal sealed class TaskCgroup
{
    private const string KillFile = "cgroup.kill";
    private const int MaxRemovals = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly Lazy<string?> Parent = new(FindParent);

    private readonly string _path;

    private TaskCgroup(string path) => _path = path;

    /// <summary>The file that moves a process into the group.</summary>
    public string Processes => Path.Combine(_path, "cgroup.procs");

    /// <summary>Creates the group of a task.</summary>
    /// <returns><see langword="null"/> where this process may create none.</returns>
    public static TaskCgroup? Create(TaskId task)
    {
        if (Parent.Value is not { } parent)
            return null;

        var group = new TaskCgroup(PathOf(parent, task));
        Directory.CreateDirectory(group._path);
        return group;
    }

    /// <summary>The group of a task of an earlier server, if it is there.</summary>
    public static TaskCgroup? Find(TaskId task) =>
        Parent.Value is { } parent && Directory.Exists(PathOf(parent, task)) ? new(PathOf(parent, task)) : null;

    /// <summary>Kills all processes of the group and removes it. It stays when a process cannot be killed at once.</summary>
    public async Task KillAsync(TimeProvider time)
    {
        for (var removal = 0; removal < MaxRemovals; removal++)
        {
            try
            {
                File.WriteAllText(Path.Combine(_path, KillFile), "1");
                Directory.Delete(_path);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    private static string PathOf(string parent, TaskId task) => Path.Combine(parent, $"streamrelay-{task}");

    /// <summary>The group of this process in the hierarchy of version 2, if it may have groups of its own in it.</summary>
    private static string? FindParent()
    {
        try
        {
            if (Mount() is not { } mount || OwnGroup() is not { } own)
                return null;

            var parent = Path.Join(mount, own);
            var probe = Path.Combine(parent, $"streamrelay-{Environment.ProcessId}");
            Directory.CreateDirectory(probe);
            var kills = File.Exists(Path.Combine(probe, KillFile));
            Directory.Delete(probe);
            return kills ? parent : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Mount() => !OperatingSystem.IsLinux() ? null
        : File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]).FirstOrDefault();

    private static string? OwnGroup() =>
        File.ReadLines("/proc/self/cgroup").Where(line => line.StartsWith("0::", StringComparison.Ordinal)).Select(line => line[3..]).FirstOrDefault();
}
