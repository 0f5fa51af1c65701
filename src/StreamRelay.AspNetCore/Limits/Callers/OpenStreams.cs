using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Callers;

/// <summary>Counts the open streams of each key, owner and address: with the other nodes of a cluster, or alone while the store that they share does not answer.
/// Safe to use from any thread.</summary>
internal sealed class OpenStreams(IOptionsMonitor<LimitOptions> options, KeyRing keys, ISharedCounts? shared = null)
{
    private readonly LocalCounts _local = new();

    /// <summary>Counts a stream until the result is disposed. The answer to the request that started a task is counted and never refused, since its client would start another task.</summary>
    public async ValueTask<CountedStream> EnterAsync(HttpContext context)
    {
        var scopes = Scopes(context);
        if (scopes.Count == 0)
            return CountedStream.Uncounted;
        if (!HttpMethods.IsGet(context.Request.Method))
            scopes = [.. scopes.Select(scope => scope with { Limit = long.MaxValue })];
        if (_local.Enter(scopes) is { } reached)
            return new(reached, null);
        if (shared is not null && await shared.EnterAsync(scopes) is { } reachedTogether)
        {
            _local.Leave(scopes);
            return new(reachedTogether, null);
        }

        return new(null, () => Leave(scopes));
    }

    /// <summary>The limits of a caller, each with the streams that are open.</summary>
    public async ValueTask<IReadOnlyList<(LimitScope Scope, long Count)>> CountAsync(HttpContext context)
    {
        var scopes = Scopes(context);
        var counts = (shared is null || scopes.Count == 0 ? null : await shared.CountAsync(scopes)) ?? _local.Count(scopes);
        return [.. scopes.Zip(counts)];
    }

    private void Leave(IReadOnlyList<LimitScope> scopes)
    {
        _local.Leave(scopes);
        shared?.Leave(scopes);
    }

    private IReadOnlyList<LimitScope> Scopes(HttpContext context)
    {
        var limits = options.CurrentValue;
        return CallerScopes.Of(context, keys, "streams", new(limits.StreamsPerKey, limits.StreamsPerOwner, limits.StreamsPerAddress));
    }
}
