using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Adds the policies that the application has not added itself, before or after <c>AddStreamRelay</c>.</summary>
internal sealed class AuthorizationSetup : IPostConfigureOptions<AuthorizationOptions>
{
    public void PostConfigure(string? name, AuthorizationOptions options)
    {
        foreach (var (policy, requirements) in RelayPolicies.Defaults.Where(policy => options.GetPolicy(policy.Key) is null))
            options.AddPolicy(policy, requirements);
    }
}
