namespace StreamRelay.AspNetCore.Configuration;

/// <summary>The server as a whole. Section <c>StreamRelay</c>.</summary>
public sealed class RelayOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay";

    /// <summary>The section of the agents, each under its name.</summary>
    internal const string AgentsSection = Section + ":Agents";

    /// <summary>The agent of a task that names none. Default <c>write_tutorial</c>.</summary>
    public string DefaultAgent { get; set; } = "write_tutorial";

    /// <summary>What happens to a request with fields that its agent cannot pass on. Default <see cref="Translation.Strict"/>.</summary>
    public Translation Translation { get; set; }
}
