using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Finds misspelt settings: a key whose <c>Agents</c> were spelt wrong would be allowed all of them.</summary>
internal sealed class AuthSettingsValidator(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var section = configuration.GetSection(AuthOptions.Section);
        var unknown = Unknown(section, typeof(AuthOptions))
            .Concat(section.GetSection(nameof(AuthOptions.Keys)).GetChildren().SelectMany(key => Unknown(key, typeof(ApiKeyOptions)))).ToArray();
        return unknown.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown);
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type options)
    {
        string[] known = [.. options.GetProperties().Select(property => property.Name)];
        return section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a setting; there are: {string.Join(", ", known)}.");
    }
}
