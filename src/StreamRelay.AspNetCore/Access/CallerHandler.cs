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
        var request = context.Resource as HttpContext;
        if ((requirement.PagesAreOpen && IsPage(request)) || (IsCaller(context.User, requirement) && (!context.User.IsLimitedToTasks() || IsForTickets(request))))
            context.Succeed(requirement);

        return Task.CompletedTask;
    }

    private static bool IsPage(HttpContext? request) =>
        request is not null && request.GetEndpoint() is null && (HttpMethods.IsGet(request.Request.Method) || HttpMethods.IsHead(request.Request.Method));

    private static bool IsForTickets(HttpContext? request) => request is not null && TicketScope.Of(request) is not null;

    private bool IsCaller(ClaimsPrincipal caller, CallerRequirement requirement) =>
        !string.IsNullOrEmpty(caller.FindFirstValue(options.Value.OwnerClaim)) && (requirement.Scope is not { } scope || caller.HasScope(scope));
}
