using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Configuration;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Refuses settings that the binder ignores: with a misspelt <c>Owner</c>, one customer would receive the tasks of all.</summary>
internal sealed class WebhookKeysValidator(IConfiguration configuration) : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var section = configuration.GetSection(WebhookOptions.Section);
        var endpoints = section.GetSection(nameof(WebhookOptions.Endpoints));
        var faults = OptionsFaults.Unknown(section, typeof(WebhookOptions)).Concat(OptionsFaults.NotAList(endpoints)).Concat(endpoints.GetChildren().SelectMany(Faults)).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection endpoint) =>
        endpoint.GetChildren().Any()
            ? OptionsFaults.Unknown(endpoint, typeof(WebhookEndpointOptions)).Concat(OptionsFaults.NotAList(endpoint.GetSection(nameof(WebhookEndpointOptions.Agents))))
            : [$"{endpoint.Path} is not an endpoint; its settings are called {WebhookOptions.Section}:Endpoints:0:Url and so on."];
}
