using Microsoft.AspNetCore.Authorization;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The caller has an owner. A caller that is limited to some tasks reaches only the endpoints that tickets may read.</summary>
internal sealed class CallerRequirement : IAuthorizationRequirement;
