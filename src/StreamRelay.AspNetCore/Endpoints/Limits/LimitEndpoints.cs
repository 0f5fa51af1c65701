using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary><c>GET /v1/limits</c>: what the caller may use.</summary>
public static class LimitEndpoints
{
    /// <summary>Maps the route.</summary>
    public static RouteGroupBuilder MapLimits(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/limits", "Limits");
        group.MapGet("", Get).WithName("GetLimits").WithSummary("The limits of the caller on this server, and how much of them is used");
        return group;
    }

    private static JsonHttpResult<LimitsView> Get(HttpContext context, LimitServices limits)
    {
        var owner = context.GetOwner();
        var (running, runningLimit, queued, queuedLimit) = limits.Host.CountTasks(owner);
        return TypedResults.Json(
            new LimitsView(
                owner, [.. limits.Rates.Find(context).Select(state => new RequestLimitView(state.Of, state.PerMinute, state.Remaining, state.ResetSeconds))],
                new(limits.Streams.Limit > 0 ? limits.Streams.Limit : null, limits.Streams.Count(owner)), new(runningLimit, running), new(queuedLimit, queued), Bytes(limits)),
            LimitsJson.Default.LimitsView);
    }

    private static Dictionary<string, long> Bytes(LimitServices limits) => new()
    {
        ["body"] = limits.Requests.Value.BodyBytes,
        ["metadata"] = limits.Requests.Value.MetadataBytes,
        ["event"] = limits.Tasks.Value.MaxEventBytes,
        ["task"] = limits.Tasks.Value.MaxTaskBytes,
        ["file"] = limits.Files.Value.MaxFileBytes,
        ["files_of_task"] = limits.Files.Value.MaxTaskBytes,
        ["files_of_owner"] = limits.Files.Value.MaxOwnerBytes,
    };
}
