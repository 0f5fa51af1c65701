using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.AspNetCore.Health;

/// <summary><c>/health</c>: whether the process runs, and whether it should be sent work. No key is needed.</summary>
public static class HealthEndpoints
{
    /// <summary>Adds the checks behind <c>/health/ready</c>; those of the stores come with them, and further ones of the application count too.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoppingCheck>("server");
        return services;
    }

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/health").WithTags("Health").AllowAnonymous().AddEndpointFilter<RouteGroupBuilder, LoopbackFilter>();
        group.MapGet("/live", Live).WithName("Live").WithSummary("Whether the process answers").Produces<HealthView>();
        group.MapGet("/ready", ReadyAsync).WithName("Ready").WithSummary("Whether the server should be sent work")
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static IResult Live(HttpContext context) => Answer(context, StatusCodes.Status200OK, new("live"));

    private static async Task<IResult> ReadyAsync(HttpContext context, HealthCheckService health)
    {
        var report = await health.CheckHealthAsync(context.RequestAborted);
        var checks = report.Entries.ToDictionary(check => check.Key, check => check.Value.Status.ToString().ToLowerInvariant());
        return report.Status == HealthStatus.Unhealthy
            ? Answer(context, StatusCodes.Status503ServiceUnavailable, new("not_ready", checks))
            : Answer(context, StatusCodes.Status200OK, new("ready", checks));
    }

    private static IResult Answer(HttpContext context, int status, HealthView view)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(view, HealthJson.Default.HealthView, statusCode: status);
    }
}
