using System.Diagnostics;
using System.Globalization;

namespace StreamRelay.Agents.Process;

/// <summary>Creates the start information of a child. Of the server's environment the child gets only the variables that are allowed.</summary>
internal static class ChildStart
{
    /// <summary>The variable that holds the task's id. Descendants of the child inherit the variable, so that they can be found.</summary>
    public const string TaskVariable = "STREAMRELAY_TASK_ID";

    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    /// <exception cref="AgentException">The command was not found.</exception>
    public static ProcessStartInfo Create(ProcessOptions options, AgentContext context, WorkFolder folder, ProcessUser? user, TaskCgroup? cgroup)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SetEnvironment(start.Environment, options, context);
        if (user is not null && !options.Environment.ContainsKey("HOME"))
            start.Environment["HOME"] = folder.Path;

        var command = FindProgram(options)
            ?? throw new AgentException("process_not_started", $"The process could not be started: there is no command '{options.Command}'.");
        string[] line = [.. Launcher.Prefix(options, user, cgroup), command, .. options.Arguments];
        start.FileName = line[0];
        foreach (var argument in line.AsSpan(1))
            start.ArgumentList.Add(argument);

        return start;
    }

    /// <summary>The full path of the program, looked up in the <c>PATH</c> that the child gets, or <see langword="null"/> when there is no such program.</summary>
    public static string? FindProgram(ProcessOptions options) =>
        Executable.Find(options.Command, options.Environment.TryGetValue("PATH", out var path) ? path : Environment.GetEnvironmentVariable("PATH"));

    private static void SetEnvironment(IDictionary<string, string?> environment, ProcessOptions options, AgentContext context)
    {
        environment.Clear();
        foreach (var name in Inherited.Concat(options.Inherit))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        foreach (var (name, value) in options.Environment)
            environment[name] = value;

        environment[TaskVariable] = context.Request.Id.ToString();
        environment["STREAMRELAY_ATTEMPT"] = context.Attempt.ToString(CultureInfo.InvariantCulture);
    }
}
