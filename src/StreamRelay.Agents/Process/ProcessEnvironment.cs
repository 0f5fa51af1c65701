namespace StreamRelay.Agents.Process;

/// <summary>The environment of a program: little of the server's own, which may hold secrets.</summary>
internal static class ProcessEnvironment
{
    public const string TaskVariable = "STREAMRELAY_TASK_ID";

    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    public static void Fill(IDictionary<string, string?> environment, ProcessOptions options, AgentContext context)
    {
        var kept = Inherited.Where(environment.ContainsKey).ToDictionary(name => name, name => environment[name]);
        environment.Clear();
        foreach (var (name, value) in kept)
            environment[name] = value;
        foreach (var (name, value) in options.Environment)
            environment[name] = value;

        environment[TaskVariable] = context.Request.Id.ToString();
        environment["STREAMRELAY_ATTEMPT"] = context.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
