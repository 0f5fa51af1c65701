using StreamRelay.Agents;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>Runs an agent and keeps what it throws.</summary>
internal sealed class ObservedRunner(IAgentRunner agent) : IAgentRunner
{
    /// <summary>What the agent threw in its last run.</summary>
    public Exception? Exception { get; private set; }

    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        Exception = null;
        try
        {
            await agent.RunAsync(context, cancellationToken);
        }
        catch (Exception exception)
        {
            Exception = exception;
            throw;
        }
    }

    /// <exception cref="AgentException">The agent refuses the input.</exception>
    public async ValueTask CheckAsync(TaskInput input)
    {
        if (agent is IInputCheck check && (await check.CheckAsync(input, CancellationToken.None)).Fault is { } fault)
            throw new AgentException(fault.Code, $"The agent refuses the input, which {fault.Message}.");
    }
}
