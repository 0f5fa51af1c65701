namespace StreamRelay.Agents;

/// <summary>The code that executes an agent. One instance serves every task of its agent; keep what belongs to a task in locals.</summary>
public interface IAgentRunner
{
    /// <summary>Does the work, speaking through <paramref name="context"/>. Returning means completed, throwing means failed
    /// (an <see cref="AgentException"/> chooses the code and the message that readers see).</summary>
    /// <param name="context">The task: what was asked for, and how to speak.</param>
    /// <param name="cancellationToken">Cancelled when the task is stopped, runs out of time or the server shuts down: clean up and leave.</param>
    Task RunAsync(AgentContext context, CancellationToken cancellationToken);
}
