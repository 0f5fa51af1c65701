namespace StreamRelay.Agents;

/// <summary>A named agent: its runner and its options.</summary>
/// <param name="Name">The name that clients choose, such as an OpenAI <c>model</c>.</param>
/// <param name="Runner">The code that executes it; one instance for all tasks. A <see cref="ScopedRunner{TRunner}"/> creates another one for each run.</param>
/// <param name="Options">Its options.</param>
public sealed record AgentDefinition(string Name, IAgentRunner Runner, AgentOptions Options)
{
    /// <summary>Whether the events of its tasks are appended by other processes.</summary>
    public bool IsExternal { get; init; } = Runner is IExternalRunner;

    /// <summary>The options that it takes of a request, which are checked before a task starts; <see langword="null"/>: any.</summary>
    public OptionsType? OptionsType { get; init; }
}
