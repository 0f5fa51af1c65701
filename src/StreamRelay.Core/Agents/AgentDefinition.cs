namespace StreamRelay.Agents;

/// <summary>A named agent: what runs it, and how.</summary>
/// <param name="Name">The name that clients choose, such as an OpenAI <c>model</c>.</param>
/// <param name="Runner">The code that executes it.</param>
/// <param name="Options">How it is run.</param>
public sealed record AgentDefinition(string Name, IAgentRunner Runner, AgentOptions Options)
{
    /// <summary>Whether its tasks' events come from outside of the process that runs them.</summary>
    public bool IsExternal => Runner is IExternalRunner;
}
