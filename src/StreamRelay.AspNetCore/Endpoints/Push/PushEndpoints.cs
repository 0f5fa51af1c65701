using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary><c>POST /v1/tasks/{id}/events</c>: events of an agent that runs elsewhere.</summary>
internal static class PushEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/tasks/{id}/events", "Tasks");
        group.MapPost("", PushAsync).RequireAuthorization(RelayPolicies.Push).WithOperationId("PushEvents")
            .WithSummary("Push events of an agent that runs elsewhere: one, a list, or lines of them (application/x-ndjson) for as long as the connection lasts. "
                + "They are durable when the request is answered; with Producer-Id, -Epoch and -Seq (the number of the first event) an event that is sent twice is appended once")
            .WithExample("""{"event_type":"output","content":"Hello"}""")
            .WithParameters(RouteParameters.Producer).Accepts<PushEvent>("application/json", "application/x-ndjson", "*/*").Produces<PushView>().ProducesErrors(400, 404, 409, 413);
    }

    private static async Task<IResult> PushAsync(string id, HttpContext context, PushServices services, IHostApplicationLifetime lifetime)
    {
        if (await TaskAccess.FindAsync(context, id, services.Tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);
        if (!services.Agents.IsExternal(task.Request))
            return ApiResults.Invalid($"Task {task.Id} is run here, by agent '{task.Request.Agent}'; only tasks of an agent of type push take events.", "id", "not_pushed");

        var request = new PushRequest(context, task.Id, PushHeaders.Read(context.Request.Headers), services);
        try
        {
            if (!IsLines(context.Request))
                return await request.PushAsync(await RequestBody.ReadAnyAsync(context, static body => PushEvents.ReadAll(body)));
            if (task.IsEnded)
                return PushRefusals.Ended(task.Id);

            var lines = new PushLines(UnlimitedBody(context), services.Options.Value.MaxEventBytes * 2);
            services.Sessions.Announce(task.Id);
            if (lines.HaveArrived())
                return await request.PushLinesAsync(lines, null);

            await using var connection = await ConnectAsync(lines, task, services, lifetime.ApplicationStopping);
            return await request.PushLinesAsync(lines, connection);
        }
        catch (PublishException exception)
        {
            return Refuse(context, task.Id, exception);
        }
        catch (LogNotFoundException)
        {
            return task.IsEnded ? PushRefusals.Ended(task.Id) : PushRefusals.LogLost(task.Id);
        }
    }

    private static IResult Refuse(HttpContext context, TaskId task, PublishException exception)
    {
        if (exception.Failure is PublishFailure.TooFast)
        {
            context.RequestServices.GetRequiredService<LimitMetrics>().Refuse("events_per_second");
            context.Response.Headers.RetryAfter = "1";
        }

        return PushRefusals.NotPublished(task, exception);
    }

    private static async ValueTask<ProducerConnection> ConnectAsync(
        PushLines lines, TaskRecord task, PushServices services, CancellationToken stopping)
    {
        var head = await services.Heads.GetAsync(task, stopping);
        var runner = services.Agents.Find(task.Request.Agent)?.Runner as PushRunner;
        return new(lines, services.Streams.Read(task.Id, Math.Max(0, head - 1)), services.Sessions.KeepAlive(task.Id, runner), stopping);
    }

    private static bool IsLines(HttpRequest request) =>
        request.ContentType is { } type && (type.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || type.Contains("jsonl", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body of a producer that may send nothing for a long time, and has no end.</summary>
    private static PipeReader UnlimitedBody(HttpContext context)
    {
        RequestEncoding.RefuseEncoded(context.Request);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;

        return context.Request.BodyReader;
    }
}
