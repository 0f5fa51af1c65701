using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Limits.Callers;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Counts the requests of each key, owner and address: with the other nodes of a cluster, or alone while the store that they share does not answer.
/// Safe to use from any thread.</summary>
internal sealed class RequestRates(IOptionsMonitor<LimitOptions> options, KeyRing keys, ISharedRates? shared = null) : IDisposable
{
    private readonly LocalRates _local = new();

    /// <summary>Counts a request, unless one of its limits is reached.</summary>
    /// <returns>The state of the limit that is reached, or else of the one with the fewest requests left; <see langword="null"/> when the request has no limit.</returns>
    public async ValueTask<RateState?> CountAsync(HttpContext context)
    {
        RateState? tightest = null;
        foreach (var state in await ReadAsync(context, amount: 1))
        {
            if (!state.IsAllowed)
                return state;
            if (tightest is null || state.Remaining < tightest.Remaining)
                tightest = state;
        }

        return tightest;
    }

    /// <summary>The state of every limit of a caller.</summary>
    public ValueTask<IReadOnlyList<RateState>> FindAsync(HttpContext context) => ReadAsync(context, amount: 0);

    public void Dispose() => _local.Dispose();

    private async ValueTask<IReadOnlyList<RateState>> ReadAsync(HttpContext context, int amount)
    {
        var limits = options.CurrentValue;
        var scopes = CallerScopes.Of(context, keys, "requests", new(PerKey(context, limits), limits.RequestsPerMinutePerOwner, limits.RequestsPerMinutePerAddress));
        if (scopes.Count == 0)
            return [];

        var left = (shared is null ? null : await shared.TakeAsync(scopes, amount)) ?? _local.Take(scopes, amount);
        return [.. scopes.Zip(left, (scope, remaining) => new RateState(scope.Of, (int)scope.Limit, Math.Max(0, remaining), remaining >= 0))];
    }

    private int PerKey(HttpContext context, LimitOptions limits) =>
        context.User.FindKeyId() is { } id && keys.FindById(id)?.RequestsPerMinute is > 0 and var own ? own : limits.RequestsPerMinutePerKey;
}
