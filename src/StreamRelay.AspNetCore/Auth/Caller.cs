using System.Security.Claims;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Makes the principal of a request from what its credentials allow.</summary>
internal static class Caller
{
    /// <summary>The claims that name the only tasks a ticket is for; none means all of the owner's.</summary>
    public const string Task = "task";

    private const string Scheme = "StreamRelay";

    /// <summary>A caller that acts for the owner; no agents named means all of them.</summary>
    public static ClaimsPrincipal Create(string owner, IEnumerable<string> agents) =>
        Create([new(CallerClaims.Owner, owner), .. agents.Select(agent => new Claim(CallerClaims.Agent, agent))]);

    /// <summary>A caller that may read these tasks of the owner, and nothing else.</summary>
    public static ClaimsPrincipal Create(Ticket ticket) =>
        Create([new(CallerClaims.Owner, ticket.Owner), .. ticket.Tasks.Select(task => new Claim(Task, task.ToString()))]);

    /// <summary>Whether the caller may see the task.</summary>
    public static bool MayRead(this ClaimsPrincipal caller, TaskRecord task) =>
        task.Request.Owner == caller.GetOwner()
        && (!caller.HasClaim(claim => claim.Type == Task) || caller.HasClaim(Task, task.Id.ToString()));

    private static ClaimsPrincipal Create(IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, Scheme));
}
