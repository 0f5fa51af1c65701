using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Configuration;
using StreamRelay.Redis;
using StreamRelay.Redis.Operations;

namespace StreamRelay.Cluster.Operations;

/// <summary>Adds the consumer of completion messages.</summary>
internal static class CompletionExtensions
{
    /// <summary>Adds the service that reads completion messages from a Redis stream and applies them to the tasks that wait for them.</summary>
    public static void AddCompletionMessages(this IServiceCollection services)
    {
        services.AddOptions<OperationOptions>().BindSection(OperationOptions.Section)
            .PostConfigure<IOptions<RedisStoreOptions>>((options, cluster) => options.FillIn(cluster.Value))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().OpenCompletions(
            provider.GetRequiredService<IOptions<OperationOptions>>().Value, provider.GetRequiredService<ILogger<RedisCompletionConsumer>>()));
        services.AddSingleton<SharedStoreProbe>();
        services.AddSingleton<CompletionReceiver>();
        services.AddHealthChecks().AddCheck<CompletionCheck>("streamrelay.operations");
        services.AddHostedService<CompletionService>();
    }
}
