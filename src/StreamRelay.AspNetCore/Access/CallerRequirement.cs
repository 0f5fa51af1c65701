using Microsoft.AspNetCore.Authorization;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The caller has an owner, and the scope. A caller that is limited to some tasks reaches only the endpoints that tickets may read.</summary>
internal sealed class CallerRequirement : IAuthorizationRequirement
{
    /// <summary>The scope that the caller must have, or <see langword="null"/>.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether a GET or HEAD request without an endpoint needs no caller: a file of the console, or a path that does not exist.</summary>
    public bool PagesAreOpen { get; init; }
}
