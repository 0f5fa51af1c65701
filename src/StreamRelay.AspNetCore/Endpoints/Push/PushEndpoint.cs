using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary><c>POST /v1/tasks/{id}/events</c>: events of an agent that runs elsewhere.</summary>
public static class PushEndpoint
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapPush(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/tasks/{id}/events", PushAsync).AddEndpointFilter<RequestExceptionFilter>().WithName("PushEvents").WithTags("Tasks")
            .WithSummary("Push events of an agent that runs elsewhere: one, a list, or lines of them (application/x-ndjson) for as long as it speaks. "
                + "Durable when answered; with Producer-Id, -Epoch and -Seq (the number of the first event) what is sent twice is kept once")
            .WithExample("""{"event_type":"output","content":"Hello"}""")
            .Accepts<PushEvent>("application/json", "application/x-ndjson", "*/*").Produces<PushView>().ProducesErrors(400, 403, 404, 409, 413, 503);

    private static async Task<IResult> PushAsync(
        string id, HttpContext context, ITaskStore tasks, AgentRegistry agents, AgentHost host, StreamManager streams, LogHeads heads, PushSessions sessions, IOptions<StreamOptions> options, IHostApplicationLifetime lifetime)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);
        if (agents.Find(task.Request.Agent)?.Runner is not PushRunner runner)
            return ApiResults.Invalid($"Task {task.Id} is run here, by agent '{task.Request.Agent}'; only tasks of an agent of type push take events.", "id", "not_pushed");

        var request = new PushRequest(context, task.Id, PushHeaders.Read(context.Request.Headers), host, sessions.Find(task.Id), tasks);
        try
        {
            if (!IsLines(context.Request))
                return await request.PushAsync(PushEvents.ReadAll((await RequestBody.ReadAnyAsync(context)).Json));
            if (task.IsEnded)
                return PushRequest.Ended(task.Id);

            using var connection = sessions.Connect(task.Id, runner);
            using var end = streams.Read(task.Id, Math.Max(0, await heads.GetAsync(task, context.RequestAborted) - 1));
            return await request.PushLinesAsync(Unlimited(context), options.Value.MaxEventBytes * 2, end, lifetime.ApplicationStopping);
        }
        catch (PublishException exception)
        {
            return request.Refused(exception);
        }
    }

    private static bool IsLines(HttpRequest request) =>
        request.ContentType is { } type && (type.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || type.Contains("jsonl", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body of a producer that may be quiet for long and speak for ever.</summary>
    private static System.IO.Pipelines.PipeReader Unlimited(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;

        return context.Request.BodyReader;
    }
}
