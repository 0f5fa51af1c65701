using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Redis;

namespace StreamRelay.AspNetCore.Operations;

/// <summary>Adds what ends tasks that wait for an outside operation.</summary>
internal static class CompletionExtensions
{
    /// <summary>Adds the handler of completions and, where there is a fleet, the service that reads them from Redis. It has to come after the agents'
    /// host, so that it starts later and stops earlier.</summary>
    public static IServiceCollection AddCompletions(this IServiceCollection services)
    {
        services.TryAddSingleton<CompletionHandler>();
        return services.Any(service => service.ServiceType == typeof(RedisStore)) ? services.AddCompletionMessages() : services;
    }

    private static IServiceCollection AddCompletionMessages(this IServiceCollection services)
    {
        services.AddOptions<OperationOptions>().BindConfiguration(OperationOptions.Section)
            .PostConfigure<IOptions<RedisStoreOptions>>((options, fleet) => options.FillIn(fleet.Value))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<RedisStore>().OpenCompletions(
            provider.GetRequiredService<IOptions<OperationOptions>>().Value, provider.GetRequiredService<ILogger<RedisCompletionConsumer>>()));
        services.AddSingleton<SharedStoreProbe>();
        services.AddSingleton<CompletionReceiver>();
        services.AddHealthChecks().AddCheck<CompletionCheck>("operations");
        return services.AddHostedService<CompletionService>();
    }
}
