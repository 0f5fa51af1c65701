using System.Globalization;

namespace StreamRelay.Agents.Process;

/// <summary>Finds the tools of util-linux that start a child in a session of its own, without privileges and within limits, and have it killed when the server dies.
/// Where <c>setsid</c> and <c>setpriv</c> are missing, as outside of Linux, a child keeps running when the server is killed, and stopping a child kills it without SIGTERM.</summary>
internal static class Launcher
{
    private const string ToolPath = "/usr/bin:/bin:/usr/local/bin";
    private const string JoinAndRun = "echo 0 > \"$0\" && exec \"$@\"";

    private static readonly string? Privileges = Find("setpriv");
    private static readonly string? Session = Find("setsid");
    private static readonly string? Limits = Find("prlimit");
    private static readonly string? Shell = Find("sh");

    /// <summary>Whether a child leads a session and a process group whose id is its own.</summary>
    public static bool MakesGroup => Privileges is not null && Session is not null;

    /// <summary>Whether a child can be limited.</summary>
    public static bool SetsLimits => Limits is not null;

    /// <summary>The arguments before the command of a child.</summary>
    public static IEnumerable<string> Prefix(ProcessOptions options, ProcessUser? user, TaskCgroup? cgroup) =>
    [
        .. cgroup is null || Shell is null ? [] : (string[])[Shell, "-c", JoinAndRun, cgroup.Processes],
        .. Limits is null ? [] : LimitsOf(options),
        .. MakesGroup ? PrivilegesOf(user) : [],
    ];

    private static IEnumerable<string> LimitsOf(ProcessOptions options) =>
    [
        Limits!, "--core=0",
        .. Limit("as", options.MaxMemoryBytes), .. Limit("nproc", options.MaxProcesses), .. Limit("fsize", options.MaxFileBytes),
        .. Limit("cpu", (long)Math.Ceiling(options.MaxCpuTime.TotalSeconds)),
    ];

    private static string[] Limit(string name, long value) => value > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--{name}={value}")] : [];

    // The system sends SIGKILL to the child when the thread that started it ends. Root without capabilities reads no memory and no environment of the server.
    private static IEnumerable<string> PrivilegesOf(ProcessUser? user) =>
    [
        Privileges!, "--pdeathsig", "KILL", "--no-new-privs",
        .. ProcessUser.Own == 0 ? (string[])["--bounding-set=-all", "--inh-caps=-all"] : [],
        .. user is null ? [] : (string[])[$"--reuid={user.Id}", $"--regid={user.Group}", "--clear-groups"],
        "--", Session!, "--",
    ];

    private static string? Find(string tool) => OperatingSystem.IsLinux() ? Executable.Find(tool, ToolPath) : null;
}
