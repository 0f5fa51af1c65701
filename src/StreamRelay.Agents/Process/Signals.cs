using System.Runtime.InteropServices;

namespace StreamRelay.Agents.Process;

/// <summary>Signals of POSIX.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    // What a shell and the runtime add to the number of the signal that ended a process.
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

    /// <summary>The signal that an exit code stands for, or <see langword="null"/>.</summary>
    public static string? NameOf(int exitCode) => Names.GetValueOrDefault(exitCode - ExitCodeOffset);

    /// <returns>Whether there was such a process, and it could be sent the signal.</returns>
    public static bool Send(int process, int signal) => SendSignal(process, signal) == 0;

    /// <returns>Whether there was such a group, and one of its processes could be sent the signal.</returns>
    public static bool SendToGroup(int group, int signal) => SendSignal(-group, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int target, int signal);
}
