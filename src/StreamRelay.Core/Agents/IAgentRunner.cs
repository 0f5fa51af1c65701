namespace StreamRelay.Agents;

/// <summary>The code that executes an agent. One that is added with <c>AddAgent</c> is created for each run.</summary>
public interface IAgentRunner
{
    /// <summary>Runs a task and publishes its events through <paramref name="context"/>. The task completes when the method returns, and fails when it throws
    /// (an <see cref="AgentException"/> sets the code and the message that readers see).</summary>
    /// <param name="context">The request of the task, and the methods that publish events.</param>
    /// <param name="cancellationToken">Cancelled when the task is stopped or times out, or the server shuts down: clean up and return.</param>
    Task RunAsync(AgentContext context, CancellationToken cancellationToken);
}
