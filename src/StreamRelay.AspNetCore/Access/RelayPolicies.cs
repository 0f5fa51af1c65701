using Microsoft.AspNetCore.Authorization;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The authorization policies of StreamRelay's endpoints. An application replaces one by adding a policy of the same name.</summary>
public static class RelayPolicies
{
    /// <summary>Reads tasks, their events and their files. Default: any caller with an owner.</summary>
    public const string Read = "streamrelay.read";

    /// <summary>Starts, stops and deletes tasks, and publishes events. Default: any caller with an owner.</summary>
    public const string Write = "streamrelay.write";

    /// <summary>Changes many tasks at once. Default: any caller with an owner; the change reaches the tasks of that owner only.</summary>
    public const string Admin = "streamrelay.admin";

    internal static readonly string[] Names = [Read, Write, Admin];

    /// <summary>The fallback policy of the server: pages, which are GET requests without an endpoint, are open; every other request needs a caller with an owner.</summary>
    public static AuthorizationPolicy Pages { get; } =
        new AuthorizationPolicyBuilder(RelaySchemes.Default).AddRequirements(new LoopbackRequirement(), new CallerRequirement { PagesAreOpen = true }).Build();

    /// <summary>Anyone, and while access is not configured only programs on this machine.</summary>
    public static AuthorizationPolicy Loopback { get; } = new AuthorizationPolicyBuilder(RelaySchemes.Default).AddRequirements(new LoopbackRequirement()).Build();

    /// <summary>What the policies require unless the application replaces them.</summary>
    internal static AuthorizationPolicy Caller { get; } =
        new AuthorizationPolicyBuilder(RelaySchemes.Default).AddRequirements(new LoopbackRequirement(), new CallerRequirement()).Build();
}
