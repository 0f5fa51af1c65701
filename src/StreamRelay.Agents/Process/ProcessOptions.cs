namespace StreamRelay.Agents.Process;

/// <summary>The program of an agent of the type <c>process</c>. Section <c>StreamRelay:Agents:&lt;name&gt;</c>, beside <see cref="AgentOptions"/>.</summary>
public sealed class ProcessOptions
{
    /// <summary>The program: a path, or a name that is looked up in the child's <c>PATH</c>. Required.</summary>
    public string Command { get; set; } = "";

    /// <summary>The arguments of the program, passed on unchanged and without a shell. The child runs in a folder of its own, so paths should be absolute. Default none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Environment variables of the child, beside <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>LC_ALL</c>, <c>TZ</c> and <c>TMPDIR</c>. Default none.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>Names of further variables that the child gets from the server's environment, where they are set. Default none.</summary>
    public IList<string> Inherit { get; } = [];

    /// <summary>How long a child may take to exit after SIGTERM before it is killed, up to an hour. Default 5 s.</summary>
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromSeconds(5);
}
