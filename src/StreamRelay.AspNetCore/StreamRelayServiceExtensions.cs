using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatModels;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Tutorial;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Endpoints.Limits;
using StreamRelay.AspNetCore.Endpoints.OpenAiConversations;
using StreamRelay.AspNetCore.Endpoints.OpenAiResponses;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.AspNetCore.Endpoints.Push;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Callers;
using StreamRelay.AspNetCore.Limits.Connections;
using StreamRelay.AspNetCore.Limits.Rates;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.AspNetCore.Webhooks;
using StreamRelay.Configuration;
using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Limits;
using StreamRelay.Outbox;
using StreamRelay.Protocols;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Renderings;
using StreamRelay.Runs;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds StreamRelay to an application.</summary>
public static class StreamRelayServiceExtensions
{
    /// <summary>Adds the services behind <c>MapStreamRelay</c>: the embedded store, streams, protocols, the built-in agents and access control, configured by the section <c>StreamRelay</c>.</summary>
    /// <remarks>
    /// The application keeps its default scheme, its policies, its JSON options and its handling of errors. Three things concern all of it. Kestrel has no minimum rate of responses, and
    /// 1,000 streams on a connection of HTTP/2, because it has these for the whole server only; what the application sets itself applies. The health checks <c>streamrelay.storage</c> and
    /// <c>streamrelay.server</c> are among its own. A misspelt setting stops the start, and so does an address that other machines reach while neither keys nor a scheme are configured.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration with the section.</param>
    /// <param name="configure">Configures the server as a whole; the section overrides it.</param>
    public static IServiceCollection AddStreamRelay(this IServiceCollection services, IConfiguration configuration, Action<RelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        var hasBuiltIn = services.AddRelayOptions(configuration, configure ?? (static _ => { }));
        services.AddSections();
        services.AddEmbeddedStorage();
        services.AddHealthChecks().AddCheck<StorageCheck>(StorageCheck.Name);

        // Before the agents' host, so that a start that is refused runs no task.
        services.AddAccess().AddJwt(configuration);
        services.AddStreams();
        services.AddProtocols();
        services.AddBuiltInAgents(configuration, hasBuiltIn);
        services.AddOptions<ProcessHostOptions>().Configure<IOptions<StorageOptions>>((options, storage) =>
            (options.WorkPath, options.PrivatePath) = (Path.GetFullPath(Path.Combine(storage.Value.DataPath, "work")), Path.GetFullPath(storage.Value.DataPath)));
        services.AddHealth();
        services.AddLimits();
        services.AddRequestDecompression();
        services.AddConversations();
        services.AddWebhooks();
        services.TryAddSingleton<CompletionHandler>();
        return services;
    }

    /// <returns>Whether there are the agents that need no configuration.</returns>
    private static bool AddRelayOptions(this IServiceCollection services, IConfiguration configuration, Action<RelayOptions> configure)
    {
        var inCode = new RelayOptions();
        configure(inCode);
        var hasBuiltIn = configuration.GetValue($"{RelayOptions.Section}:{nameof(RelayOptions.BuiltInAgents)}", inCode.BuiltInAgents);
        var options = services.AddOptions<RelayOptions>();
        if (!hasBuiltIn)
            options.Configure(static options => options.DefaultAgent = "");

        options.Configure(configure).BindSection(RelayOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RelayOptions>, RelayOptionsValidator>());
        return hasBuiltIn;
    }

    private static void AddStreams(this IServiceCollection services)
    {
        services.AddOptions<StreamOptions>().BindSection(StreamOptions.Section).ValidateOptions(StreamOptions.Section).ValidateOnStart();
        services.TryAddSingleton<StreamManager>();
        services.TryAddSingleton<AgentRegistry>();
        services.TryAddSingleton<StreamReaders>();
        services.TryAddSingleton<LogHeads>();
        services.AddRuns();
    }

    private static void AddRuns(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().Configure<IOptions<StorageOptions>>(
            (retention, storage) => (retention.Age, retention.Bytes) = (storage.Value.RetentionAge, storage.Value.RetentionBytes));
        services.AddOptions<FileQuotaOptions>().BindSection(FileQuotaOptions.Section).ValidateOptions(FileQuotaOptions.Section).ValidateOnStart();
        services.TryAddSingleton<FileQuota>();
        services.AddOptions<TokenQuotaOptions>().BindSection(TokenQuotaOptions.Section).ValidateOptions(TokenQuotaOptions.Section).ValidateOnStart();
        services.TryAddSingleton<TokenQuota>();
        services.TryAddSingleton<RunQuotas>();
        services.TryAddSingleton<RunStores>();
        services.TryAddSingleton<TaskEnds>();
        services.TryAddSingleton<TaskRuns>();
        services.TryAddSingleton<ITaskScheduler, LocalScheduler>();
        services.TryAddSingleton<AgentHost>();
        services.TryAddSingleton<TaskRetention>();
        services.TryAddSingleton<DisconnectPolicy>();
        services.TryAddSingleton<RetentionTimer>();
        services.TryAddSingleton<TaskSweep>();
        services.AddHostedService<RelayHostedService>();
    }

    private static void AddSections(this IServiceCollection services)
    {
        services.AddSingleton(new OptionsSection(StreamOptions.Section, typeof(StreamOptions)));
        services.AddSingleton(new OptionsSection(StorageOptions.Section, typeof(StorageOptions)));
        services.AddSingleton(new OptionsSection(FileQuotaOptions.Section, typeof(FileQuotaOptions)));
        services.AddSingleton(new OptionsSection(TokenQuotaOptions.Section, typeof(TokenQuotaOptions)));
        services.AddSingleton(new OptionsSection(ModelOptions.Section, typeof(ModelOptions)));
        services.AddSingleton(new OptionsSection(TutorialOptions.Section, typeof(TutorialOptions)));
        services.AddSingleton(new OptionsSection(LimitOptions.Section, typeof(LimitOptions)));
        services.AddSingleton(new OptionsSection(ConversationOptions.Section, typeof(ConversationOptions)));
        services.AddSingleton(new OptionsSection(WebhookOptions.Section, null));
        services.AddSingleton(new OptionsSection(AuthOptions.Section, null));
    }

    private static void AddProtocols(this IServiceCollection services)
    {
        services.TryAddSingleton<RenderingCache>();
        services.TryAddSingleton<ConnectionAgeLimit>();
        services.TryAddSingleton<ConversationGate>();
        services.TryAddSingleton<StartLimits>();
        services.TryAddSingleton<TaskStarter>();
        services.TryAddSingleton<TaskReader>();
        services.TryAddSingleton<TaskViewer>();
        services.TryAddSingleton<PushServices>();
        services.TryAddSingleton<Conversation>();
        services.AddSingleton<IStreamProtocol>(OpenAiChatProtocol.Instance);
        services.AddSingleton<IStreamProtocol>(ResponsesProtocol.Instance);
        services.AddSingleton<IStreamProtocol>(AnthropicProtocol.Instance);
        services.AddSingleton<IStreamProtocol>(AiSdkProtocol.Instance);
        services.AddSingleton<IStreamProtocol>(AgUiProtocol.Instance);
    }

    private static void AddConversations(this IServiceCollection services)
    {
        services.AddOptions<ConversationOptions>().BindSection(ConversationOptions.Section).ValidateOptions(ConversationOptions.Section).ValidateOnStart();
        services.TryAddSingleton<ITaskEndHandler, ConversationRecorder>();
        services.TryAddSingleton<ConversationAccess>();
        services.TryAddSingleton<ConversationServices>();
        services.TryAddSingleton<ResponsesReferences>();
        services.TryAddSingleton<ResponsesHistory>();
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindSection(LimitOptions.Section).ValidateOptions(LimitOptions.Section).ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton<LimitMetrics>();
        services.TryAddSingleton<RequestRates>();
        services.TryAddSingleton<RateGuard>();
        services.TryAddSingleton<OpenStreams>();
        services.TryAddSingleton<SizeLimits>();
        services.TryAddSingleton<LimitServices>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, ConnectionLimitsValidator>());

        // Before what the application sets, which applies therefore.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>());
    }
}
