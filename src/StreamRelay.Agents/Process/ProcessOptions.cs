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

    /// <summary>The user that runs the program: a name of <c>/etc/passwd</c>, or numbers such as <c>1000:1000</c>. The server must be root, and makes its data folder
    /// unreadable to others. Default empty: the user that runs the server.</summary>
    public string User { get; set; } = "";

    /// <summary>The address space of each process of the program, in bytes. Runtimes such as Node and Java reserve far more than they use. Default 0: no limit.</summary>
    public long MaxMemoryBytes { get; set; }

    /// <summary>Processes and threads of <see cref="User"/> together, those of its other tasks included; root has no such limit. Default 0: no limit.</summary>
    public int MaxProcesses { get; set; }

    /// <summary>The largest file that the program can write, in bytes; 0: no limit. Default 1 GiB.</summary>
    public long MaxFileBytes { get; set; } = 1L << 30;

    /// <summary>Processor time of each process of the program, in whole seconds; past it the process is killed. Default 0: no limit.</summary>
    public TimeSpan MaxCpuTime { get; set; }
}
