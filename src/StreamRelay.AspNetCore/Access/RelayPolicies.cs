using Microsoft.AspNetCore.Authorization;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The authorization policies of StreamRelay's endpoints, one for each of <see cref="AccessScopes"/>. An application replaces one by adding a policy of the same name.</summary>
public static class RelayPolicies
{
    /// <summary>Reads tasks, their events and their files. Default: a caller with an owner and the scope <see cref="AccessScopes.Read"/>.</summary>
    public const string Read = Prefix + AccessScopes.Read;

    /// <summary>Starts, stops and deletes tasks. Default: a caller with an owner and the scope <see cref="AccessScopes.Start"/>.</summary>
    public const string Start = Prefix + AccessScopes.Start;

    /// <summary>Publishes events and completes operations. Default: a caller with an owner and the scope <see cref="AccessScopes.Push"/>.</summary>
    public const string Push = Prefix + AccessScopes.Push;

    /// <summary>Changes many tasks at once, and manages keys. Default: a caller with an owner and the scope <see cref="AccessScopes.Admin"/>.</summary>
    public const string Admin = Prefix + AccessScopes.Admin;

    private const string Prefix = "streamrelay.";

    /// <summary>The fallback policy of the server: pages, which are GET requests without an endpoint, are open; every other request needs a caller with an owner.</summary>
    public static AuthorizationPolicy Pages { get; } = Require(new CallerRequirement { PagesAreOpen = true });

    /// <summary>Anyone, and while access is not configured only programs on this machine.</summary>
    public static AuthorizationPolicy Loopback { get; } = Require();

    /// <summary>What each policy requires unless the application replaces it.</summary>
    internal static IReadOnlyDictionary<string, AuthorizationPolicy> Defaults { get; } =
        AccessScopes.All.ToDictionary(static scope => Prefix + scope, static scope => Require(new CallerRequirement { Scope = scope }));

    /// <summary>The scope of a policy, or <see langword="null"/> when it is another one than these.</summary>
    internal static string? FindScope(string? policy) => policy is not null && Defaults.ContainsKey(policy) ? policy[Prefix.Length..] : null;

    private static AuthorizationPolicy Require(params IAuthorizationRequirement[] requirements) =>
        new AuthorizationPolicyBuilder(RelaySchemes.Default).AddRequirements(new LoopbackRequirement()).AddRequirements(requirements).Build();
}
