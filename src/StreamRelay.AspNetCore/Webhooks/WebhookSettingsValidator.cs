using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Finds settings that would be passed over without a word: a misspelt <c>Owner</c> would tell one customer of the tasks of all.</summary>
internal sealed class WebhookSettingsValidator(IConfiguration configuration) : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var section = configuration.GetSection(WebhookOptions.Section);
        var endpoints = section.GetSection(nameof(WebhookOptions.Endpoints));
        var faults = Unknown(section, typeof(WebhookOptions)).Concat(NotAList(endpoints)).Concat(endpoints.GetChildren().SelectMany(Faults)).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection endpoint) =>
        endpoint.GetChildren().Any()
            ? Unknown(endpoint, typeof(WebhookEndpointOptions)).Concat(NotAList(endpoint.GetSection(nameof(WebhookEndpointOptions.Agents))))
            : [$"{endpoint.Path} is not an endpoint; its settings are called {WebhookOptions.Section}:Endpoints:0:Url and so on."];

    // The binder leaves a list empty that is written as one text, and an empty list of agents means all.
    private static IEnumerable<string> NotAList(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) ? [] : [$"{section.Path} must be a list: {section.Path}:0, {section.Path}:1 and so on."];

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type options)
    {
        string[] known = [.. options.GetProperties().Select(property => property.Name)];
        return section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a setting; there are: {string.Join(", ", known)}.");
    }
}
