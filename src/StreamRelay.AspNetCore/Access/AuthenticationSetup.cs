using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Keeps the default scheme that an application without StreamRelay would have: its only scheme. With the schemes of StreamRelay beside it,
/// ASP.NET Core would no longer choose one.</summary>
internal sealed class AuthenticationSetup : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        if (options.DefaultScheme is not null)
            return;

        AuthenticationSchemeBuilder[] others = [.. options.Schemes.Where(scheme => scheme.Name is not (RelaySchemes.Default or RelaySchemes.ApiKey or RelaySchemes.Ticket or RelaySchemes.Jwt))];
        if (others is [var only])
            options.DefaultScheme = only.Name;
    }
}
