using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Configuration;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Refuses settings that the binder ignores: with a misspelt <c>Owner</c>, one customer would receive the tasks of all. It leaves out an endpoint with a <c>Format</c> that does not exist.</summary>
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
            ? OptionsFaults.Unknown(endpoint, typeof(WebhookEndpointOptions)).Concat(OptionsFaults.NotAList(endpoint.GetSection(nameof(WebhookEndpointOptions.Agents)))).Concat(Format(endpoint))
            : [$"{endpoint.Path} is not an endpoint; its settings are called {WebhookOptions.Section}:Endpoints:0:Url and so on."];

    private static string[] Format(IConfigurationSection endpoint) =>
        endpoint[nameof(WebhookEndpointOptions.Format)] is not { } format || (Enum.TryParse<WebhookFormat>(format, ignoreCase: true, out var known) && Enum.IsDefined(known))
            ? []
            : [$"{endpoint.Path}:{nameof(WebhookEndpointOptions.Format)} must be {string.Join(" or ", Enum.GetNames<WebhookFormat>())}."];
}
