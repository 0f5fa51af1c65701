using StreamRelay.Agents;

namespace StreamRelay.Testing;

/// <summary>An agent that does what a test says.</summary>
public sealed class DelegateRunner(Func<AgentContext, CancellationToken, Task> run) : IAgentRunner
{
    public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
}
