namespace StreamRelay.AspNetCore.Access;

/// <summary>JSON Web Tokens of an identity provider, accepted beside keys and tickets. Section <c>StreamRelay:Auth:Jwt</c>. Changes take effect at the next start.</summary>
public sealed class JwtOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = AuthOptions.Section + ":Jwt";

    /// <summary>The address of the provider, which publishes its signing keys (OpenID Connect Discovery). Default none: no tokens are accepted. Only on this machine it may be http.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that a token must name. Required where <see cref="Authority"/> is set.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim of a token whose value is the owner. A token without it is refused. Default <c>sub</c>.</summary>
    public string OwnerClaim { get; set; } = "sub";
}
