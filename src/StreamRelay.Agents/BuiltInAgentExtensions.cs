using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Agents.ChatModels;
using StreamRelay.Agents.Logging;
using StreamRelay.Agents.Probe;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Push;
using StreamRelay.Agents.Tutorial;
using StreamRelay.Agents.Upstream;
using StreamRelay.Configuration;

namespace StreamRelay.Agents;

/// <summary>Registers the agents that come with StreamRelay.</summary>
public static class BuiltInAgentExtensions
{
    private const string Section = "StreamRelay:Agents";

    /// <summary>Adds <c>write_tutorial</c>, in the environment Development <c>probe</c>, and every agent of the section
    /// <c>StreamRelay:Agents</c> that has a <c>Type</c>. An agent of the section replaces a built-in one of the same name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration with the section.</param>
    /// <param name="withUnconfigured">Whether to add those that the section need not name.</param>
    /// <exception cref="InvalidOperationException">An agent's <c>Type</c> is unknown.</exception>
    public static IServiceCollection AddBuiltInAgents(this IServiceCollection services, IConfiguration configuration, bool withUnconfigured = true)
    {
        services.AddModel();
        services.AddAgentLog();
        services.AddProcesses();
        services.AddOptions<TutorialOptions>().BindSection(TutorialOptions.Section).ValidateOptions(TutorialOptions.Section).ValidateOnStart();
        services.TryAddSingleton<ProbeRunner>();
        services.TryAddSingleton<PushSessions>();
        services.TryAddSingleton(provider => new TutorialRunner(provider.GetService<ModelClient>()?.Client, provider.GetRequiredService<IOptions<TutorialOptions>>()));
        var types = new Dictionary<string, string>();
        if (withUnconfigured)
            types["write_tutorial"] = "tutorial";
        if (withUnconfigured && IsDevelopment(services))
            types["probe"] = "probe";

        foreach (var agent in configuration.GetSection(Section).GetChildren().Where(agent => agent["Type"] is { Length: > 0 }))
            types[agent.Key] = agent["Type"]!;
        foreach (var (name, type) in types)
            services.AddBuiltIn(name, type);

        return services;
    }

    // A caller that may start the probe can make it publish as much as a task may.
    private static bool IsDevelopment(IServiceCollection services) =>
        services.LastOrDefault(static service => service.ServiceType == typeof(IHostEnvironment))?.ImplementationInstance is IHostEnvironment host
        && host.IsDevelopment();

    /// <summary>Publishes the log entries of runs as <c>log</c> events of their tasks: see <see cref="AgentLoggerProvider"/>.</summary>
    public static IServiceCollection AddAgentLog(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, AgentLoggerProvider>());

        // These rules precede those of the configuration, because the later of two equally specific rules applies.
        services.Configure<LoggerFilterOptions>(options =>
        {
            foreach (var category in (string[])["Microsoft", "System"])
                options.Rules.Insert(0, new(typeof(AgentLoggerProvider).FullName, category, LogLevel.None, null));
        });
        return services;
    }

    private static void AddModel(this IServiceCollection services)
    {
        services.AddOptions<ModelOptions>().BindSection(ModelOptions.Section).Configure<IConfiguration>(FillFromEnvironment).ValidateOptions(ModelOptions.Section).ValidateOnStart();
        services.TryAddSingleton<ModelClient>();
    }

    private static void FillFromEnvironment(ModelOptions options, IConfiguration configuration)
    {
        if (options.IsConfigured)
            return;

        options.BaseUrl = configuration["OPENAI_BASE_URL"] ?? "";
        options.ApiKey = configuration["OPENAI_API_KEY"] ?? "";
    }

    private static void AddBuiltIn(this IServiceCollection services, string name, string type)
    {
        var section = $"{Section}:{name}";
        services.AddOptions<AgentOptions>(name).Configure(options => SetDefaults(options, type)).BindSection(section).ValidateOptions(section).ValidateOnStart();
        var runner = services.AddRunner(name, type, section);
        services.AddSingleton(provider => new AgentDefinition(name, runner(provider), provider.GetRequiredService<IOptionsMonitor<AgentOptions>>().Get(name)));
    }

    private static Func<IServiceProvider, IAgentRunner> AddRunner(this IServiceCollection services, string name, string type, string section) => type switch
    {
        "tutorial" => provider => provider.GetRequiredService<TutorialRunner>(),
        "probe" => provider => provider.GetRequiredService<ProbeRunner>(),
        "push" => services.AddPush(name, section),
        "upstream" => services.AddUpstream(name, section),
        "process" => services.AddProcess(name, section),
        _ => throw new InvalidOperationException($"{section}:Type is '{type}'; it must be upstream, process, push, tutorial or probe."),
    };

    /// <summary>Sets the defaults of the type; the configuration overrides them.</summary>
    private static void SetDefaults(AgentOptions options, string type)
    {
        options.OnRestart = type is "tutorial" or "push" ? OnRestart.Resume : OnRestart.Fail;
        if (type is not "push")
            return;

        // The agent runs outside of the server, so an attempt cannot crash the server, and its producer may be slow.
        options.MaxAttempts = 1000;
        options.MaxDuration = TimeSpan.FromDays(1);
    }

    private static Func<IServiceProvider, IAgentRunner> AddPush(this IServiceCollection services, string name, string section)
    {
        services.AddOptions<PushOptions>(name).BindSection(section).ValidateOptions(section).ValidateOnStart();
        return provider => new PushRunner(provider.GetRequiredService<PushSessions>(), provider.GetRequiredService<IOptionsMonitor<PushOptions>>().Get(name));
    }

    private static Func<IServiceProvider, IAgentRunner> AddUpstream(this IServiceCollection services, string name, string section)
    {
        services.AddOptions<UpstreamOptions>(name).BindSection(section).ValidateOptions(section).ValidateOnStart();
        return provider => new UpstreamRunner(provider.GetRequiredService<IOptionsMonitor<UpstreamOptions>>().Get(name), provider.GetRequiredService<TimeProvider>());
    }
}
