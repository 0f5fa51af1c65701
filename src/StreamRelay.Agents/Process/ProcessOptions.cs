using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Process;

/// <summary>A program as an agent, in any language. Section <c>StreamRelay:Agents:&lt;name&gt;</c> with <c>Type: process</c>.</summary>
public sealed class ProcessOptions
{
    /// <summary>The program: a path, or a name that is looked for in <c>PATH</c>. Required.</summary>
    public string Command { get; set; } = "";

    /// <summary>Its arguments, each as it is. It runs in a folder of its own, so paths have to be absolute.</summary>
    public IList<string> Arguments { get; set; } = [];

    /// <summary>Environment variables it gets, beside <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>LC_ALL</c>, <c>TZ</c>, <c>TMPDIR</c> and
    /// <c>STREAMRELAY_TASK_ID</c>, <c>STREAMRELAY_ATTEMPT</c>. It gets none of the server's others: they may hold secrets.</summary>
    public IDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>How long a stopped program may take to leave after SIGTERM, before it is killed. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromSeconds(5);
}
