namespace StreamRelay.Agents.Process;

/// <summary>The two tools of util-linux that make a process its own group and tie it to the server's life. Where they are missing, as outside of
/// Linux, a process is started without: it does not die with a server that is killed, and stopping it kills it at once.</summary>
internal static class Launcher
{
    private const string ToolPath = "/usr/bin:/bin:/usr/local/bin";

    /// <summary>What stands before the command. SIGKILL reaches the child when the thread that started it ends, for whatever reason.</summary>
    public static IReadOnlyList<string> Prefix { get; } =
        OperatingSystem.IsLinux() && Executable.Find("setpriv", ToolPath) is { } setpriv && Executable.Find("setsid", ToolPath) is { } setsid
            ? [setpriv, "--pdeathsig", "KILL", "--", setsid, "--"]
            : [];

    /// <summary>Whether a child leads a process group whose id is its own.</summary>
    public static bool MakesGroup => Prefix.Count > 0;
}
