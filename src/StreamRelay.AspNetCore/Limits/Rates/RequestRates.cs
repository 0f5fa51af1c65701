using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Limits.Connections;

namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Counts the requests of each key, owner and address. Safe to use from any thread.</summary>
internal sealed class RequestRates(IOptionsMonitor<LimitOptions> options, KeyRing keys) : IDisposable
{
    private const string OfKey = "key";
    private const string OfOwner = "owner";
    private const string OfAddress = "address";

    private readonly PartitionedRateLimiter<RateScope> _limiter = PartitionedRateLimiter.Create<RateScope, RateScope>(
        static scope => RateLimitPartition.GetTokenBucketLimiter(scope, static scope => CreateBucket(scope.PerMinute)));

    /// <summary>Counts a request, unless one of its limits is reached.</summary>
    /// <returns>The state of the limit that is reached, or else of the one with the fewest requests left; <see langword="null"/> when the request has no limit.</returns>
    public RateState? Count(HttpContext context)
    {
        RateState? tightest = null;
        foreach (var scope in Scopes(context))
        {
            using var lease = _limiter.AttemptAcquire(scope);
            var state = Read(scope, lease.IsAcquired);
            if (!state.IsAllowed)
                return state;
            if (tightest is null || state.Remaining < tightest.Remaining)
                tightest = state;
        }

        return tightest;
    }

    /// <summary>The state of every limit of a caller.</summary>
    public IReadOnlyList<RateState> Find(HttpContext context) => [.. Scopes(context).Select(scope => Read(scope, true))];

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

    private RateState Read(RateScope scope, bool isAllowed) =>
        new(scope.Of, scope.PerMinute, _limiter.GetStatistics(scope)?.CurrentAvailablePermits ?? scope.PerMinute, isAllowed);

    private IEnumerable<RateScope> Scopes(HttpContext context)
    {
        var limits = options.CurrentValue;
        var key = context.User.FindFirst(CallerClaims.Key)?.Value;
        if (key is not null && (keys.FindById(key)?.RequestsPerMinute is > 0 and var own ? own : limits.RequestsPerMinutePerKey) is > 0 and var perKey)
            yield return new(OfKey, key, perKey);
        if (limits.RequestsPerMinutePerOwner > 0 && context.User.FindFirst(keys.OwnerClaim)?.Value is { } owner)
            yield return new(OfOwner, owner, limits.RequestsPerMinutePerOwner);
        if (limits.RequestsPerMinutePerAddress > 0 && context.Connection.RemoteIpAddress is { } address)
            yield return new(OfAddress, ConnectionCounts.NetworkOf(address).ToString(), limits.RequestsPerMinutePerAddress);
    }
}
