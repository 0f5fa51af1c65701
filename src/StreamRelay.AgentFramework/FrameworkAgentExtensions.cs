using Microsoft.Agents.AI;
using StreamRelay.AgentFramework;
using StreamRelay.Agents;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds agents of Microsoft Agent Framework to an application.</summary>
public static class FrameworkAgentExtensions
{
    /// <summary>Adds an agent of Microsoft Agent Framework: it gets the conversation of the request, and its answer is published as it streams.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="agent">The agent. It is asked by several tasks at once.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddFrameworkAgent(this IServiceCollection services, string name, AIAgent agent, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return services.AddFrameworkAgent(name, _ => agent, configure);
    }

    /// <summary>Adds an agent of Microsoft Agent Framework that the application's services have.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="agent">Gets the agent, once, such as <c>services => services.GetRequiredKeyedService&lt;AIAgent&gt;("name")</c>.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddFrameworkAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, AIAgent> agent, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return services.AddAgent(name, provider => new FrameworkAgentRunner(agent(provider)), configure);
    }
}
