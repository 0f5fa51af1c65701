using System.Runtime.InteropServices;
using System.Text;

namespace StreamRelay.Agents.Process;

/// <summary>Signals to processes, and finding those that belong to a task. Does nothing where there is no <c>/proc</c>.</summary>
internal static partial class LinuxProcesses
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Signals a group; one that is gone is fine.</summary>
    public static void SignalGroup(int group, int signal)
    {
        if (OperatingSystem.IsLinux())
            _ = Signal(-group, signal);
    }

    /// <summary>Kills every process that was started for the task, wherever it has moved to: what they have in common is their environment.</summary>
    /// <returns>How many there were.</returns>
    public static int KillAllOf(string task)
    {
        if (!OperatingSystem.IsLinux())
            return 0;

        var mark = Encoding.UTF8.GetBytes($"{ProcessEnvironment.TaskVariable}={task}\0");
        var killed = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ReadEnvironment(folder).AsSpan().IndexOf(mark) >= 0 && Signal(id, Kill) == 0)
                killed++;
        }

        return killed;
    }

    private static byte[] ReadEnvironment(string folder)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has left meanwhile, or is somebody else's.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
