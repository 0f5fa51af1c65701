using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Configuration;
using StreamRelay.Outbox;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Adds webhooks.</summary>
internal static class WebhookExtensions
{
    /// <summary>Adds the service that reports the end of tasks to the endpoints of the section <c>StreamRelay:Webhooks</c>. It starts after the agents' host, which ends the tasks that a crash interrupted.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindSection(WebhookOptions.Section).ValidateOptions(WebhookOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookKeysValidator>());
        services.TryAddSingleton<WebhookClient>();
        services.TryAddSingleton<WebhookMessages>();
        services.TryAddSingleton<WebhookQueues>();
        services.TryAddSingleton<IOutboxSource>(provider => provider.GetRequiredService<WebhookQueues>());
        services.AddHostedService<WebhookService>();
        return services;
    }
}
