namespace StreamRelay.Agents.Process;

/// <summary>Finds <c>setsid</c> and <c>setpriv</c> of util-linux, which give a child a process group of its own and have it killed when the server dies.
/// Where the tools are missing, as outside of Linux, a child keeps running when the server is killed, and stopping a child kills it without SIGTERM.</summary>
internal static class Launcher
{
    private const string ToolPath = "/usr/bin:/bin:/usr/local/bin";

    /// <summary>The arguments before the command. With them the system sends SIGKILL to the child when the thread that started it ends.</summary>
    public static IReadOnlyList<string> Prefix { get; } =
        OperatingSystem.IsLinux() && Executable.Find("setpriv", ToolPath) is { } setpriv && Executable.Find("setsid", ToolPath) is { } setsid
            ? [setpriv, "--pdeathsig", "KILL", "--", setsid, "--"]
            : [];

    /// <summary>Whether a child leads a process group whose id is its own.</summary>
    public static bool MakesGroup => Prefix.Count > 0;
}
