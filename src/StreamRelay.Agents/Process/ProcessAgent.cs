namespace StreamRelay.Agents.Process;

/// <summary>An agent that is a program.</summary>
/// <param name="Name">The name of the agent and of its <see cref="ProcessOptions"/>.</param>
internal sealed record ProcessAgent(string Name);
