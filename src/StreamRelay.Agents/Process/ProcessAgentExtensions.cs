using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents.Process;

/// <summary>Registers agents that are programs.</summary>
internal static class ProcessAgentExtensions
{
    private static readonly TimeSpan MaxKillGrace = TimeSpan.FromHours(1);

    /// <summary>Adds the services that all process agents share.</summary>
    public static void AddProcesses(this IServiceCollection services)
    {
        services.TryAddSingleton<ProcessStarter>();
        services.AddHostedService<ProcessReaper>();
    }

    /// <summary>Adds the options of one agent, bound to its section.</summary>
    /// <returns>A factory of the agent's runner.</returns>
    public static Func<IServiceProvider, IAgentRunner> AddProcess(this IServiceCollection services, string name, string section)
    {
        services.AddOptions<ProcessOptions>(name).BindConfiguration(section)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Command), $"{section}:Command must name the program to run.")
            .Validate(options => options.KillGrace >= TimeSpan.Zero && options.KillGrace <= MaxKillGrace, $"{section}:KillGrace must be between 00:00:00 and {MaxKillGrace}.")
            .ValidateOnStart();
        return provider => new ProcessRunner(
            provider.GetRequiredService<IOptionsMonitor<ProcessOptions>>().Get(name),
            provider.GetRequiredService<IOptions<ProcessHostOptions>>().Value.WorkPath,
            provider.GetRequiredService<ProcessStarter>());
    }
}
