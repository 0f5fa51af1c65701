using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Sets up the scheme of JSON Web Tokens from the section <c>StreamRelay:Auth:Jwt</c>.</summary>
internal sealed class JwtSetup(IOptions<JwtOptions> settings, IOptions<AuthOptions> access) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != RelaySchemes.Jwt)
            return;

        options.Authority = settings.Value.Authority;
        options.Audience = settings.Value.Audience;
        options.MapInboundClaims = false;
        options.RequireHttpsMetadata = !JwtOptionsValidator.IsOnThisMachine(settings.Value.Authority);
        options.Events = new()
        {
            OnTokenValidated = SetOwnerAsync,
            OnAuthenticationFailed = static context =>
            {
                // Also when the keys of the provider cannot be read: the caller is refused, and the scheme has logged the reason.
                context.NoResult();
                return Task.CompletedTask;
            },
        };
    }

    public void Configure(JwtBearerOptions options) => Configure(null, options);

    /// <summary>Leaves the claims that StreamRelay reads, and no other: the owner, the scopes and the agents.</summary>
    private Task SetOwnerAsync(TokenValidatedContext context)
    {
        if (context.Principal?.FindFirstValue(settings.Value.OwnerClaim) is not { Length: > 0 } owner)
        {
            context.Fail($"The token has no claim '{settings.Value.OwnerClaim}'.");
            return Task.CompletedTask;
        }

        var limits = context.Principal.Claims.Where(static claim => claim.Type is CallerClaims.Scope or CallerClaims.Agent);
        context.Principal = new(new ClaimsIdentity([new(access.Value.OwnerClaim, owner), .. limits], RelaySchemes.Jwt, access.Value.OwnerClaim, ClaimTypes.Role));
        return Task.CompletedTask;
    }
}
