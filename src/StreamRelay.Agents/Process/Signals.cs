using System.Runtime.InteropServices;

namespace StreamRelay.Agents.Process;

/// <summary>POSIX signals.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    // The exit code of a process that a signal ended is the number of the signal plus this offset.
    private const int ExitCodeOffset = 128;

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [14] = "SIGALRM",
        [15] = "SIGTERM",
    };

    /// <summary>The name of the signal that ended a process with the exit code, or <see langword="null"/>.</summary>
    public static string? NameOf(int exitCode) => Names.GetValueOrDefault(exitCode - ExitCodeOffset);

    /// <returns>Whether the process exists and the signal was sent to it.</returns>
    public static bool Send(int process, int signal) => SendSignal(process, signal) == 0;

    /// <returns>Whether the group exists and the signal was sent to one of its processes.</returns>
    public static bool SendToGroup(int group, int signal) => SendSignal(-group, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int target, int signal);
}
