using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.Redis.Operations;

namespace StreamRelay.Cluster.Operations;

/// <summary>Reports the state Degraded while completion messages cannot be handled; the rest of the server is not affected.</summary>
internal sealed class CompletionCheck(RedisCompletionConsumer consumer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(consumer.Failure is { } failure ? HealthCheckResult.Degraded(failure) : HealthCheckResult.Healthy());
}
