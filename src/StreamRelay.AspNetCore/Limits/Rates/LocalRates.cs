using System.Threading.RateLimiting;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Rates that this process counts alone. Safe to use from any thread.</summary>
internal sealed class LocalRates : IDisposable
{
    private readonly PartitionedRateLimiter<LimitScope> _limiter = PartitionedRateLimiter.Create<LimitScope, LimitScope>(
        static scope => RateLimitPartition.GetTokenBucketLimiter(scope, static scope => CreateBucket((int)scope.Limit)));

    /// <inheritdoc cref="ISharedRates.TakeAsync"/>
    public IReadOnlyList<long> Take(IReadOnlyList<LimitScope> scopes, int amount)
    {
        var left = new long[scopes.Count];
        for (var index = 0; index < left.Length; index++)
        {
            using var lease = _limiter.AttemptAcquire(scopes[index], amount);
            var isTaken = lease.IsAcquired || amount == 0;
            left[index] = isTaken ? _limiter.GetStatistics(scopes[index])?.CurrentAvailablePermits ?? scopes[index].Limit : -1;

            // What one limit refuses is not taken from the others.
            if (!isTaken)
                amount = 0;
        }

        return left;
    }

    public void Dispose() => _limiter.Dispose();

    // As many requests as a minute has may come at once; then they come back one by one, or once a second.
    private static TokenBucketRateLimiterOptions CreateBucket(int perMinute)
    {
        var seconds = Math.Max(1, 60.0 / perMinute);
        return new()
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, (int)(perMinute * seconds / 60)),
            ReplenishmentPeriod = TimeSpan.FromSeconds(seconds),
            QueueLimit = 0,
        };
    }
}
