namespace StreamRelay.AspNetCore.Configuration;

/// <summary>The server as a whole. Section <c>StreamRelay</c>.</summary>
public sealed class RelayOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay";

    /// <summary>The section of the agents, each under its name.</summary>
    internal const string AgentsSection = Section + ":Agents";

    /// <summary>Whether there are the agents that need no configuration: <c>write_tutorial</c>, and in the environment Development <c>probe</c>. Default <see langword="true"/>.
    /// Used when the services are added, so it can be set in the configuration and by the delegate of <c>AddStreamRelay</c>.</summary>
    public bool BuiltInAgents { get; set; } = true;

    /// <summary>The agent of a task that names none. Default <c>write_tutorial</c>; empty without <see cref="BuiltInAgents"/>: every task must name its agent.</summary>
    public string DefaultAgent { get; set; } = "write_tutorial";

    /// <summary>What happens to a request with fields that its agent cannot pass on. Default <see cref="Translation.Strict"/>.</summary>
    public Translation Translation { get; set; }
}
