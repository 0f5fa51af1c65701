using System.Security.Claims;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>What access control says of the caller: whose tasks it may see, and which agents it may start.</summary>
public static class CallerClaims
{
    /// <summary>The claim that names the owner.</summary>
    public const string Owner = "owner";

    /// <summary>The claims that name the allowed agents; none means all.</summary>
    public const string Agent = "agent";

    /// <summary>The claims that name the only tasks the caller may read; none means all of the owner's.</summary>
    public const string Task = "task";

    /// <summary>The owner that the caller acts for.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass access control.</exception>
    public static string GetOwner(this ClaimsPrincipal caller) =>
        caller.FindFirstValue(Owner) ?? throw new InvalidOperationException("The caller has no owner; call UseStreamRelay() before MapStreamRelay().");

    /// <summary>Whether the caller may start this agent.</summary>
    public static bool MayUse(this ClaimsPrincipal caller, string agent)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return !caller.HasClaim(claim => claim.Type == Agent) || caller.HasClaim(Agent, agent);
    }

    /// <summary>Whether the caller may read the task.</summary>
    public static bool MayRead(this ClaimsPrincipal caller, TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Request.Owner == caller.GetOwner()
            && (!caller.HasClaim(claim => claim.Type == Task) || caller.HasClaim(Task, task.Id.ToString()));
    }
}
