using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Decides <see cref="CallerRequirement"/>.</summary>
internal sealed class CallerHandler(IOptions<AuthOptions> options) : AuthorizationHandler<CallerRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerRequirement requirement)
    {
        if (HasOwner(context.User) && (!context.User.IsLimitedToTasks() || context.Resource is HttpContext request && TicketScope.Of(request) is not null))
            context.Succeed(requirement);

        return Task.CompletedTask;
    }

    private bool HasOwner(ClaimsPrincipal caller) => !string.IsNullOrEmpty(caller.FindFirstValue(options.Value.OwnerClaim));
}
