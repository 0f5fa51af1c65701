using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>An agent whose runner is created for each run, with its dependencies and in a scope of its own. The run includes the disposal of the scope.</summary>
/// <param name="scopes">Creates the scopes.</param>
public sealed class ScopedRunner<TRunner>(IServiceScopeFactory scopes) : IAgentRunner, IInputCheck
    where TRunner : class, IAgentRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TRunner>().RunAsync(context, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken)
    {
        if (!typeof(TRunner).IsAssignableTo(typeof(IInputCheck)))
            return InputReport.Accepted;

        await using var scope = scopes.CreateAsyncScope();
        return await ((IInputCheck)scope.ServiceProvider.GetRequiredService<TRunner>()).CheckAsync(input, cancellationToken);
    }
}
