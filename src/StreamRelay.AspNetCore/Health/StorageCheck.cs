using Microsoft.Extensions.Diagnostics.HealthChecks;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Health;

/// <summary>Healthy when the task store answers, and reports no fault.</summary>
public sealed class StorageCheck(ITaskStore tasks, IStoreStatus? status = null) : IHealthCheck
{
    /// <summary>The check's name in the response of <c>/health/ready</c>.</summary>
    public const string Name = "streamrelay.storage";

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (status?.Fault is { } fault)
            return HealthCheckResult.Unhealthy(fault);

        await tasks.FindAsync(default, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
