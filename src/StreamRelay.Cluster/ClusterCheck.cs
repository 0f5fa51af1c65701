using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.Postgres;
using StreamRelay.Redis;

namespace StreamRelay.Cluster;

/// <summary>Reports the state Healthy when both shared stores answer.</summary>
internal sealed class ClusterCheck(PostgresStore postgres, RedisStore redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.WhenAll(postgres.CheckAsync(cancellationToken), redis.CheckAsync(cancellationToken));
            return HealthCheckResult.Healthy();
        }
        catch (IOException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
    }
}
