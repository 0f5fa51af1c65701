using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents.Process;

/// <summary>Registers agents that are programs.</summary>
internal static class ProcessAgentExtensions
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromHours(1);

    /// <summary>What all of them share.</summary>
    public static void AddProcesses(this IServiceCollection services)
    {
        services.TryAddSingleton<ProcessStarter>();
        services.AddHostedService<ProcessReaper>();
    }

    /// <summary>Reads one agent's options from its section.</summary>
    /// <returns>What makes its runner.</returns>
    public static Func<IServiceProvider, IAgentRunner> AddProcess(this IServiceCollection services, string name, string section)
    {
        services.AddOptions<ProcessOptions>(name).BindConfiguration(section)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Command), $"{section}:Command must name the program to run.")
            .Validate(options => options.KillGrace >= TimeSpan.Zero && options.KillGrace <= LongestGrace, $"{section}:KillGrace must be between 00:00:00 and {LongestGrace}.")
            .ValidateOnStart();
        return provider => new ProcessRunner(
            provider.GetRequiredService<IOptionsMonitor<ProcessOptions>>().Get(name),
            provider.GetRequiredService<IOptions<ProcessHostOptions>>().Value.WorkPath,
            provider.GetRequiredService<ProcessStarter>());
    }
}
