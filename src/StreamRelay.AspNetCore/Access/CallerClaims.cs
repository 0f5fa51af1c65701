using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Reads from the claims of a caller what it may do, with which agents, and whose tasks it may see.</summary>
public static class CallerClaims
{
    /// <summary>The type of the claims that name the agents whose tasks the caller may start and see; without any, all of them.</summary>
    public const string Agent = "streamrelay.agent";

    /// <summary>The type of the claim that holds the id of the caller's key; empty for a request without a key that is served, missing for callers of the application's scheme.</summary>
    public const string Key = "streamrelay.key";

    /// <summary>The type of the claims that name the scopes of the caller, each one of <see cref="AccessScopes"/>; without any, all but <see cref="AccessScopes.Admin"/>.</summary>
    public const string Scope = "streamrelay.scope";

    /// <summary>The type of the claims that name the only tasks the caller may read; without any, all of its owner's.</summary>
    public const string Task = "streamrelay.task";

    /// <summary>The owner that the caller of the request acts for: the value of the claim that <see cref="AuthOptions.OwnerClaim"/> names.</summary>
    /// <exception cref="InvalidOperationException">The caller has no such claim: the application replaced a policy, or allowed anonymous callers.</exception>
    public static string GetOwner(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var type = context.RequestServices.GetRequiredService<IOptions<AuthOptions>>().Value.OwnerClaim;
        return context.User.FindFirstValue(type) is { Length: > 0 } owner ? owner : throw new InvalidOperationException(
            $"The caller has no claim '{type}', which names its owner. Set {AuthOptions.Section}:OwnerClaim, and let the policies of StreamRelay's endpoints require that claim.");
    }

    /// <summary>Whether the caller has this scope.</summary>
    public static bool HasScope(this ClaimsPrincipal caller, string scope)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.HasClaim(static claim => claim.Type == Scope) ? caller.HasClaim(Scope, scope) : scope != AccessScopes.Admin;
    }

    /// <summary>Whether the caller may start this agent and see its tasks.</summary>
    public static bool MayUse(this ClaimsPrincipal caller, string agent)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return !caller.HasClaim(static claim => claim.Type == Agent) || caller.HasClaim(Agent, agent);
    }

    /// <summary>A query for the tasks that the caller of the request may see: those of its owner and its agents.</summary>
    public static TaskQuery CreateQuery(this HttpContext context) => new() { Owner = context.GetOwner(), Agents = context.User.FindAgents() };

    /// <summary>The only agents that the caller may start and whose tasks it may see; <see langword="null"/> for all.</summary>
    internal static IReadOnlyList<string>? FindAgents(this ClaimsPrincipal caller)
    {
        string[] agents = [.. caller.FindAll(Agent).Select(static claim => claim.Value)];
        return agents.Length == 0 ? null : agents;
    }

    /// <summary>Whether the caller of the request may see the task.</summary>
    public static bool MayRead(this HttpContext context, TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(task);
        return task.Request.Owner == context.GetOwner() && context.User.MayUse(task.Request.Agent)
            && (!context.User.IsLimitedToTasks() || context.User.HasClaim(Task, task.Id.ToString()));
    }

    /// <summary>The id of the caller's key; <see langword="null"/> for a caller without one.</summary>
    internal static string? FindKeyId(this ClaimsPrincipal caller) => caller.FindFirst(Key)?.Value is { Length: > 0 } id ? id : null;

    internal static bool IsLimitedToTasks(this ClaimsPrincipal caller) => caller.HasClaim(static claim => claim.Type == Task);
}
