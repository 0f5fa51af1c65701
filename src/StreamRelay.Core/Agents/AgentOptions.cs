using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents;

/// <summary>Options of one agent. Section <c>StreamRelay:Agents:&lt;name&gt;</c>.</summary>
public sealed class AgentOptions
{
    /// <summary>The kind of built-in runner that configuration asks for: <c>tutorial</c> or <c>probe</c>; empty for agents added in code.</summary>
    public string Type { get; set; } = "";

    /// <summary>How long a task may run; past it, it fails with the code <c>timeout</c>. Default 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Tasks of the agent that run at once on this server; more are queued. Default 0: no limit of its own.</summary>
    [Range(0, 1_000_000)]
    public int MaxConcurrent { get; set; }

    /// <summary>Tasks of the agent that are queued; further starts are refused with 429. Default 0: no limit of its own.</summary>
    [Range(0, 1_000_000)]
    public int MaxQueued { get; set; }

    /// <summary>How long a stopped runner may still add its usage before the end is written. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What happens to a task that ran when the server ended. Default <see cref="OnRestart.Fail"/>; <c>write_tutorial</c> resumes.</summary>
    public OnRestart OnRestart { get; set; }

    /// <summary>With <see cref="OnRestart.Resume"/>: the most attempts of a task, so that a task that ends the server is not run for ever. Default 3.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>What happens to a running task when its last reader leaves. Default <see cref="OnDisconnect.Continue"/>.</summary>
    public OnDisconnect OnDisconnect { get; set; }

    /// <summary>With <see cref="OnDisconnect.Stop"/>: how long a task continues without readers, so that a client can reconnect. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DisconnectGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What happens to a new task while another task of its conversation runs. Default: depends on the protocol
    /// (<see cref="Agents.DoubleText.Interrupt"/> for AI SDK chats, elsewhere both run).</summary>
    public DoubleText? DoubleText { get; set; }
}
