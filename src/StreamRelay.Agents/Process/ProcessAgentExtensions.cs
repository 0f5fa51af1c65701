using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StreamRelay.Configuration;

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
        services.AddOptions<ProcessOptions>(name).BindSection(section)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Command), $"{section}:Command must name the program to run.")
            .Validate(options => string.IsNullOrWhiteSpace(options.Command) || ChildStart.FindProgram(options) is not null,
                $"{section}:Command names no program that can be executed; give its path, or a name that is found in PATH.")
            .Validate(options => options.KillGrace >= TimeSpan.Zero && options.KillGrace <= MaxKillGrace, $"{section}:KillGrace must be between 00:00:00 and {MaxKillGrace}.")
            .Validate(options => options.User.Length == 0 || (ProcessUser.CanChange && ProcessUser.Find(options.User) is not null),
                $"{section}:User must be a user of this machine, and the server must be root and have setpriv and setsid of util-linux to use it.")
            .Validate(options => options.MaxMemoryBytes >= 0 && options.MaxProcesses >= 0 && options.MaxFileBytes >= 0 && options.MaxCpuTime >= TimeSpan.Zero,
                $"{section}:MaxMemoryBytes, MaxProcesses, MaxFileBytes and MaxCpuTime must not be negative.")
            .Validate(options => (options.MaxMemoryBytes == 0 && options.MaxProcesses == 0 && options.MaxCpuTime == TimeSpan.Zero) || Launcher.SetsLimits,
                $"{section}:MaxMemoryBytes, MaxProcesses and MaxCpuTime need prlimit of util-linux.")
            .ValidateOnStart();
        services.AddSingleton(new ProcessAgent(name));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SecretShield>());
        return provider => new ProcessRunner(
            provider.GetRequiredService<IOptionsMonitor<ProcessOptions>>().Get(name),
            provider.GetRequiredService<IOptions<ProcessHostOptions>>().Value.WorkPath,
            provider.GetRequiredService<ProcessStarter>());
    }
}
