using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Limits.Connections;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Callers;

/// <summary>Finds whose use a request counts to.</summary>
internal static class CallerScopes
{
    /// <summary>The key, the owner and the address of a request that have a limit.</summary>
    public static IReadOnlyList<LimitScope> Of(HttpContext context, KeyRing keys, string what, CallerLimits limits)
    {
        List<LimitScope> scopes = [];
        if (limits.PerKey > 0 && context.User.FindFirst(CallerClaims.Key)?.Value is { } key)
            scopes.Add(new(what, LimitScope.OfKey, key, limits.PerKey));
        if (limits.PerOwner > 0 && context.User.FindFirst(keys.OwnerClaim)?.Value is { } owner)
            scopes.Add(new(what, LimitScope.OfOwner, owner, limits.PerOwner));
        if (limits.PerAddress > 0 && context.Connection.RemoteIpAddress is { } address)
            scopes.Add(new(what, LimitScope.OfAddress, ConnectionCounts.NetworkOf(address).ToString(), limits.PerAddress));

        return scopes;
    }
}
