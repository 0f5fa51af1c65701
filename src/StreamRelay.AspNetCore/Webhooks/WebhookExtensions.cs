using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Runs;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Adds webhooks.</summary>
internal static class WebhookExtensions
{
    /// <summary>Tells the endpoints of the section <c>StreamRelay:Webhooks</c> when a task ends. It has to come after the agents' host, which ends what a crash left behind.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOptions(WebhookOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookKeysValidator>());
        services.TryAddSingleton<WebhookClient>();
        services.TryAddSingleton<WebhookOutbox>();
        services.AddSingleton<ITaskObserver>(provider => provider.GetRequiredService<WebhookOutbox>());
        services.AddHostedService<WebhookService>();
        return services;
    }
}
