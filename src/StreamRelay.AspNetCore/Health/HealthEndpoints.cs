using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace StreamRelay.AspNetCore.Health;

/// <summary><c>/health/live</c> and <c>/health/ready</c>.</summary>
public static class HealthEndpoints
{
    private const string Ready = "ready";

    internal static void AddHealth(this IServiceCollection services) => services.AddHealthChecks().AddCheck<StoppingCheck>("stopping", tags: [Ready]);

    /// <summary>Maps both: live while the process answers, ready until it shuts down.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = (context, report) => WriteAsync(context, report, "live") });
        endpoints.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = (context, report) => WriteAsync(context, report, Ready) });
        return endpoints;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report, string what)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"status":"{{(report.Status == HealthStatus.Healthy ? what : "not " + what)}}"}""");
    }

    private sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("shutting down") : HealthCheckResult.Healthy());
    }
}
