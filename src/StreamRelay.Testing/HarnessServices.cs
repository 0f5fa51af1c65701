using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StreamRelay.Agents;
using StreamRelay.Files;
using StreamRelay.Streams;

namespace StreamRelay.Testing;

/// <summary>Builds the services of an agent in a test.</summary>
internal static class HarnessServices
{
    /// <summary>The services of the options and of the agent, logging that becomes events, the clock, and limits as in a server.</summary>
    public static ServiceProvider Build(AgentHarnessOptions options, Action<IServiceCollection> addAgent)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOptions<StreamOptions>();
        services.AddOptions<FileQuotaOptions>();
        options.Services(services);
        services.TryAddSingleton(options.Time);
        services.AddAgentLog();
        addAgent(services);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
