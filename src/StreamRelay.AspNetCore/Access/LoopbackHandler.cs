using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Decides <see cref="LoopbackRequirement"/>.</summary>
internal sealed class LoopbackHandler(KeyRing keys) : AuthorizationHandler<LoopbackRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, LoopbackRequirement requirement)
    {
        if (context.Resource is HttpContext request && keys.LoopbackViolation(request) is null)
            context.Succeed(requirement);

        return Task.CompletedTask;
    }
}
