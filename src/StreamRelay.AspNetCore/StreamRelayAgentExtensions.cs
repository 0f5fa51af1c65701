using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatAgents;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds agents to an application.</summary>
public static class StreamRelayAgentExtensions
{
    /// <summary>Adds an agent that is a delegate.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="run">Runs a task: it completes when the delegate returns, and fails when it throws. Called for several tasks at once.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddAgent(
        this IServiceCollection services, string name, Func<AgentContext, CancellationToken, Task> run, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        return services.AddAgent(name, configure, provider => new(name, new DelegateRunner(run), provider.GetAgentOptions(name)));
    }

    /// <summary>Adds an agent under a name. Its runner is created for each run, in a scope of its own that is disposed when the run has ended.</summary>
    /// <typeparam name="TRunner">The runner. It is registered as a scoped service, unless the application has registered it.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddAgent<TRunner>(this IServiceCollection services, string name, Action<AgentOptions>? configure = null)
        where TRunner : class, IAgentRunner => services.AddRunner<TRunner>(name, null, configure);

    /// <summary>Adds an agent whose requests have options of a type, as <see cref="AddAgent{TRunner}"/>. The runner reads them with <see cref="AgentContext.Options{TOptions}"/>.
    /// A request with other options is refused with 400 before a task starts. <c>GET /v1/models/{id}</c> has their JSON schema.</summary>
    /// <typeparam name="TRunner">The runner. It is registered as a scoped service, unless the application has registered it.</typeparam>
    /// <typeparam name="TOptions">The options: the request's <c>metadata</c>, in AG-UI its <c>forwardedProps</c>. Names are in snake case.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddAgent<TRunner, TOptions>(this IServiceCollection services, string name, Action<AgentOptions>? configure = null)
        where TRunner : class, IAgentRunner
        where TOptions : class => services.AddRunner<TRunner>(name, OptionsType.Of<TOptions>(), configure);

    /// <summary>Adds an agent whose runner the application makes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="runner">Makes the runner, once. It runs several tasks at once.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, IAgentRunner> runner, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(runner);
        return services.AddAgent(name, configure, provider => new(name, runner(provider), provider.GetAgentOptions(name)));
    }

    /// <summary>Adds an agent that is a chat client: it gets the conversation of the request, and its answer is published as it streams.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="client">The chat client. It is asked by several tasks at once, and is not disposed.</param>
    /// <param name="functions">Functions that the agent runs itself. Calls of the tools of a request are left to its caller.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddChatAgent(
        this IServiceCollection services, string name, IChatClient client, IReadOnlyList<AIFunction>? functions = null, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return services.AddChatAgent(name, _ => client, functions, configure);
    }

    /// <summary>Adds an agent that is a chat client of the application's services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name that clients choose.</param>
    /// <param name="client">Gets the chat client, once.</param>
    /// <param name="functions">Functions that the agent runs itself. Calls of the tools of a request are left to its caller.</param>
    /// <param name="configure">Configures how the agent is run; the section <c>StreamRelay:Agents:&lt;name&gt;</c> overrides it.</param>
    public static IServiceCollection AddChatAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> client, IReadOnlyList<AIFunction>? functions = null, Action<AgentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return services.AddAgent(name, provider => new ChatAgentRunner(client(provider), functions ?? []), configure);
    }

    private static IServiceCollection AddRunner<TRunner>(this IServiceCollection services, string name, OptionsType? options, Action<AgentOptions>? configure)
        where TRunner : class, IAgentRunner
    {
        services.TryAddScoped<TRunner>();
        services.TryAddSingleton<ScopedRunner<TRunner>>();
        return services.AddAgent(name, configure, provider => new(name, provider.GetRequiredService<ScopedRunner<TRunner>>(), provider.GetAgentOptions(name))
        {
            IsExternal = typeof(TRunner).IsAssignableTo(typeof(IExternalRunner)),
            OptionsType = options,
        });
    }

    private static IServiceCollection AddAgent(
        this IServiceCollection services, string name, Action<AgentOptions>? configure, Func<IServiceProvider, AgentDefinition> definition)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var section = $"{RelayOptions.AgentsSection}:{name}";
        services.AddOptions<AgentOptions>(name).Configure(configure ?? (static _ => { })).BindSection(section).ValidateOptions(section).ValidateOnStart();
        return services.AddSingleton(definition);
    }

    private static AgentOptions GetAgentOptions(this IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<AgentOptions>>().Get(name);
}
