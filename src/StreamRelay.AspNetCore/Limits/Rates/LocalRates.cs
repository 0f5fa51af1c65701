using System.Threading.RateLimiting;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Rates that this process counts alone. Safe to use from any thread.</summary>
internal sealed class LocalRates : IDisposable
{
    private readonly PartitionedRateLimiter<LimitScope> _limiter = PartitionedRateLimiter.Create<LimitScope, LimitScope>(
        static scope => RateLimitPartition.GetTokenBucketLimiter(scope, static scope => CreateBucket((int)scope.Limit)));

    private readonly Lock _lock = new();

    /// <inheritdoc cref="ISharedRates.TakeAsync"/>
    public IReadOnlyList<long> Take(IReadOnlyList<LimitScope> scopes, int amount)
    {
        // What one limit refuses is not taken from the others.
        lock (_lock)
        {
            var left = Look(scopes, amount);
            return amount == 0 || left.Contains(-1) ? left : TakeAll(scopes, amount, left);
        }
    }

    public void Dispose() => _limiter.Dispose();

    private long[] Look(IReadOnlyList<LimitScope> scopes, int amount)
    {
        var left = new long[scopes.Count];
        for (var index = 0; index < left.Length; index++)
        {
            var available = _limiter.GetStatistics(scopes[index])?.CurrentAvailablePermits ?? scopes[index].Limit;
            left[index] = available >= amount ? available : -1;
        }

        return left;
    }

    private long[] TakeAll(IReadOnlyList<LimitScope> scopes, int amount, long[] left)
    {
        for (var index = 0; index < left.Length; index++)
        {
            using var lease = _limiter.AttemptAcquire(scopes[index], amount);
            left[index] -= amount;
        }

        return left;
    }

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
