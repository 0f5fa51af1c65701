using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StreamRelay.Agents;

namespace StreamRelay.Testing;

/// <summary>Runs an agent for a test as a server does, with stores in memory and without HTTP.</summary>
/// <remarks>Every method throws <see cref="AgentException"/> with the code of the refusal when the agent refuses the input (<see cref="IInputCheck"/>),
/// and <see cref="TimeoutException"/> with the events so far after <see cref="AgentHarnessOptions.Timeout"/>.</remarks>
public static class AgentHarness
{
    /// <summary>Runs an agent that is a delegate until its task has ended.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="input">The text of the user; empty for no message beside <see cref="AgentHarnessOptions.Conversation"/>.</param>
    /// <param name="options">What else the task has; default nothing.</param>
    /// <returns>The run, which has ended: completed, failed or stopped. It need not be disposed.</returns>
    public static Task<AgentRun> RunAsync(Func<AgentContext, CancellationToken, Task> agent, string input, AgentHarnessOptions? options = null) =>
        RunAsync(new DelegateRunner(agent), input, options);

    /// <summary>Runs an agent until its task has ended.</summary>
    /// <inheritdoc cref="RunAsync(Func{AgentContext, CancellationToken, Task}, string, AgentHarnessOptions)"/>
    public static async Task<AgentRun> RunAsync(IAgentRunner agent, string input, AgentHarnessOptions? options = null) =>
        await EndAsync(await StartAsync(agent, input, options));

    /// <summary>Runs an agent until its task has ended. It is created with its dependencies, in a scope of its own, as by <c>AddAgent</c>.</summary>
    /// <typeparam name="TRunner">The agent. It is registered as a scoped service, unless <see cref="AgentHarnessOptions.Services"/> registers it.</typeparam>
    /// <inheritdoc cref="RunAsync(Func{AgentContext, CancellationToken, Task}, string, AgentHarnessOptions)"/>
    public static async Task<AgentRun> RunAsync<TRunner>(string input, AgentHarnessOptions? options = null)
        where TRunner : class, IAgentRunner => await EndAsync(await StartAsync<TRunner>(input, options));

    /// <summary>Starts an agent that is a delegate.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="input">The text of the user; empty for no message beside <see cref="AgentHarnessOptions.Conversation"/>.</param>
    /// <param name="options">What else the task has; default nothing.</param>
    /// <returns>The run, whose first event is there. Dispose it to end it.</returns>
    public static Task<AgentRun> StartAsync(Func<AgentContext, CancellationToken, Task> agent, string input, AgentHarnessOptions? options = null) =>
        StartAsync(new DelegateRunner(agent), input, options);

    /// <summary>Starts an agent.</summary>
    /// <inheritdoc cref="StartAsync(Func{AgentContext, CancellationToken, Task}, string, AgentHarnessOptions)"/>
    public static Task<AgentRun> StartAsync(IAgentRunner agent, string input, AgentHarnessOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return AgentRun.StartAsync(static _ => { }, _ => agent, input, options ?? new());
    }

    /// <summary>Starts an agent that is created with its dependencies, in a scope of its own, as by <c>AddAgent</c>.</summary>
    /// <typeparam name="TRunner">The agent. It is registered as a scoped service, unless <see cref="AgentHarnessOptions.Services"/> registers it.</typeparam>
    /// <inheritdoc cref="StartAsync(Func{AgentContext, CancellationToken, Task}, string, AgentHarnessOptions)"/>
    public static Task<AgentRun> StartAsync<TRunner>(string input, AgentHarnessOptions? options = null)
        where TRunner : class, IAgentRunner =>
        AgentRun.StartAsync(static services => services.TryAddScoped<TRunner>(), static services => ActivatorUtilities.CreateInstance<ScopedRunner<TRunner>>(services), input, options ?? new());

    private static async Task<AgentRun> EndAsync(AgentRun run)
    {
        await using (run)
            await run.WaitForEndAsync();

        return run;
    }
}
