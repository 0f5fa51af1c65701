using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Whether the server serves programs on this machine only.</summary>
internal sealed class LoopbackScope(KeyRing keys, IOptions<AuthorizationOptions> authorization)
{
    /// <summary>Whether access is not configured, and some policy of StreamRelay's endpoints is still the one that StreamRelay added.</summary>
    public bool IsLoopbackOnly => keys.IsLocalOnly && RelayPolicies.Defaults.Any(policy => authorization.Value.GetPolicy(policy.Key) == policy.Value);
}
