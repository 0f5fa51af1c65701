using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Configuration;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Refuses settings that the binder ignores: a key whose <c>Agents</c> are misspelt, or are not a list, could start every agent.</summary>
internal sealed class AuthKeysValidator(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var section = configuration.GetSection(AuthOptions.Section);
        var keys = section.GetSection(nameof(AuthOptions.Keys));
        string[] faults =
        [
            .. OptionsFaults.Unknown(section, [.. OptionsFaults.Names(typeof(AuthOptions)), "Jwt"]),
            .. OptionsFaults.Unknown(section.GetSection("Jwt"), typeof(JwtOptions)),
            .. OptionsFaults.NotAList(keys),
            .. OptionsFaults.NotAList(section.GetSection(nameof(AuthOptions.Origins))),
            .. keys.GetChildren().SelectMany(Faults),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection key) =>
        OptionsFaults.Unknown(key, typeof(ApiKeyOptions))
            .Concat(OptionsFaults.NotAList(key.GetSection(nameof(ApiKeyOptions.Agents))))
            .Concat(OptionsFaults.NotAList(key.GetSection(nameof(ApiKeyOptions.Scopes))));
}
