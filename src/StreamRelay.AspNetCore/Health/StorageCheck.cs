using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Health;

/// <summary>Ready when the task store answers.</summary>
internal sealed class StorageCheck(ITaskStore tasks) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await tasks.FindAsync(default, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
