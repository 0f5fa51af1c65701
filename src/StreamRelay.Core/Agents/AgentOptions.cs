using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents;

/// <summary>How one agent is run. Section <c>StreamRelay:Agents:&lt;name&gt;</c>.</summary>
public sealed class AgentOptions
{
    /// <summary>The kind of built-in runner that configuration asks for: <c>tutorial</c> or <c>probe</c>; empty for agents added in code.</summary>
    public string Type { get; set; } = "";

    /// <summary>How long a task may run; past it, it fails with the code <c>timeout</c>. Default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a stopped runner may still add its usage before the end is written. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromMilliseconds(500);
}
