using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Checks the section <c>StreamRelay:Auth:Jwt</c> at the start.</summary>
internal sealed class JwtOptionsValidator(IOptions<AuthOptions> access) : IValidateOptions<JwtOptions>
{
    /// <summary>Whether the address is one of this machine, to which tokens and keys do not need TLS.</summary>
    public static bool IsOnThisMachine(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && LoopbackRules.IsLoopback(uri.Host);

    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(JwtOptions options)
    {
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || (authority.Scheme != Uri.UriSchemeHttps && !IsOnThisMachine(options.Authority)))
            yield return $"{JwtOptions.Section}:Authority must be the https address of an identity provider, such as https://login.example.com.";
        if (string.IsNullOrWhiteSpace(options.Audience))
            yield return $"{JwtOptions.Section}:Audience must be the audience of the tokens: without it, tokens for other services would be accepted.";
        if (string.IsNullOrWhiteSpace(options.OwnerClaim))
            yield return $"{JwtOptions.Section}:OwnerClaim must be the name of the claim that names the owner, such as sub.";
        if (access.Value.Scheme != RelaySchemes.Jwt)
            yield return $"{AuthOptions.Section}:Scheme must not be set where {JwtOptions.Section} is.";
        if (access.Value.AllowAnonymous)
            yield return $"{AuthOptions.Section}:AllowAnonymous must be off where {JwtOptions.Section} is set.";
    }
}
