namespace StreamRelay.Agents;

/// <summary>An agent that is a delegate.</summary>
/// <param name="run">Called for each task, with what <see cref="IAgentRunner.RunAsync"/> is called with.</param>
public sealed class DelegateRunner(Func<AgentContext, CancellationToken, Task> run) : IAgentRunner
{
    /// <inheritdoc/>
    public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
}
