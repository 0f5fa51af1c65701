using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary><c>GET /v1/limits</c>: what the caller may use.</summary>
internal static class LimitEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/limits", "Limits");
        group.MapGet("", GetAsync).WithOperationId("GetLimits").WithSummary("The limits of the caller, and how much of them is used").Produces<LimitsView>();
    }

    private static async Task<JsonHttpResult<LimitsView>> GetAsync(HttpContext context, LimitServices limits)
    {
        var (owner, key) = (context.GetOwner(), context.User.FindKeyId());
        var view = new LimitsView(
            owner,
            [.. (await limits.Rates.FindAsync(context)).Select(state => new RequestLimitView(state.Of, state.PerMinute, state.Remaining, state.ResetSeconds))],
            [.. (await limits.Tokens.ReadAsync(owner, key, context.RequestAborted)).Select(use => View(use, limits.Time))],
            View(await limits.Streams.CountAsync(context)),
            View(await limits.Host.CountRunningAsync(owner, key)),
            View(await limits.Host.CountQueuedAsync(owner, key, context.RequestAborted)),
            limits.Sizes.ToBytes(),
            limits.Sizes.EventsPerSecond);
        return TypedResults.Json(view, LimitsJson.Default.LimitsView);
    }

    private static CountView[] View(IEnumerable<(LimitScope Scope, long Count)> counts) =>
        [.. counts.Select(one => new CountView(one.Scope.Of, one.Scope.Limit, one.Count))];

    private static TokenLimitView View(TokenUse use, TimeProvider time) =>
        new(use.Of, use.Limit, use.Used, Math.Ceiling((use.ResetsAt - time.GetUtcNow()).TotalSeconds));
}
