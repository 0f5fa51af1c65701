using System.Security.Claims;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Makes the principal of a request from what its credentials allow.</summary>
internal static class Caller
{
    private const string Scheme = "StreamRelay";

    /// <summary>A caller that acts for the owner; no agents named means all of them.</summary>
    public static ClaimsPrincipal Create(string owner, IEnumerable<string> agents) =>
        Create([new(CallerClaims.Owner, owner), .. agents.Select(agent => new Claim(CallerClaims.Agent, agent))]);

    /// <summary>A caller that may read these tasks of the owner, and nothing else.</summary>
    public static ClaimsPrincipal Create(Ticket ticket) =>
        Create([new(CallerClaims.Owner, ticket.Owner), .. ticket.Tasks.Select(task => new Claim(CallerClaims.Task, task.ToString()))]);

    private static ClaimsPrincipal Create(IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, Scheme));
}
