using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;

namespace StreamRelay.AspNetCore.Health;

/// <summary><c>/health</c>: whether the process runs, and whether it is ready for requests. Callers need no key.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the check of the server itself. <c>/health/ready</c> also runs the checks of the stores and of the application.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoppingCheck>("streamrelay.server");
        return services;
    }

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/health").WithTags("Health").AllowAnonymous().AddEndpointFilter<RouteGroupBuilder, LoopbackFilter>();
        group.MapGet("/live", Live).WithOperationId("Live").WithSummary("Whether the process answers").Produces<HealthView>().ProducesErrors(403);
        group.MapGet("/ready", ReadyAsync).WithOperationId("Ready").WithSummary("Whether the server is ready for requests")
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable).ProducesErrors(403);
    }

    private static IResult Live(HttpContext context) => Answer(context, StatusCodes.Status200OK, new("live"));

    private static async Task<IResult> ReadyAsync(HttpContext context, HealthCheckService health)
    {
        var report = await health.CheckHealthAsync(context.RequestAborted);
        var checks = report.Entries.ToDictionary(check => check.Key, check => check.Value.Status.ToString().ToLowerInvariant());
        return report.Status == HealthStatus.Unhealthy
            ? Answer(context, StatusCodes.Status503ServiceUnavailable, new("not_ready", checks, Reasons(report)))
            : Answer(context, StatusCodes.Status200OK, new("ready", checks, Reasons(report)));
    }

    // The message of an exception can contain an address or a path, and callers need no key.
    private static Dictionary<string, string>? Reasons(HealthReport report)
    {
        var reasons = report.Entries.Where(check => check.Value is { Status: not HealthStatus.Healthy, Exception: null, Description: not null })
            .ToDictionary(check => check.Key, check => check.Value.Description!);
        return reasons.Count > 0 ? reasons : null;
    }

    private static IResult Answer(HttpContext context, int status, HealthView view)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(view, HealthJson.Default.HealthView, statusCode: status);
    }
}
