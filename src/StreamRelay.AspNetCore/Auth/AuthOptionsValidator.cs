using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Auth;

internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    private const int HashLength = 64;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var faults = options.Keys.SelectMany((key, index) => Faults(key, $"{AuthOptions.Section}:Keys:{index}")).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(AuthKey key, string section)
    {
        if (string.IsNullOrWhiteSpace(key.Owner))
            yield return $"{section}:Owner is missing: whose tasks the key may see.";
        if (key.Hash.Length != HashLength || !key.Hash.All(char.IsAsciiHexDigitLower))
            yield return $"{section}:Hash must be 64 lower-case hexadecimal digits, as --new-key prints them.";
    }
}
