using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary><c>/v1/tasks</c>: start, list, show, stop and delete tasks, and read their events.</summary>
internal static class TaskEndpoints
{
    private const string Frame = """{"task_id":"…","sequence":2,"agent_name":"probe","event_type":"output","content":"t1 ","timestamp":"2026-11-20T10:00:00.123Z"}""";
    private const int MostTasks = 1000;
    private const int LongestWait = 300;

    // The records, their views, and the JSON of these.
    private const int ViewCopies = 3;

    private static readonly RouteParameter[] ListParameters =
    [
        RouteParameters.OneOf("state", "Only tasks in this state.", "queued", "running", "completed", "failed", "stopped"),
        new("agent", "Only tasks of this agent."),
        new("session_id", "Only tasks of this conversation."),
        RouteParameters.Number("limit", "The most tasks. Default 50.", 1, MostTasks),
        new("before", "Only tasks that are older than this one: `next` of the previous page."),
    ];

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1", "Tasks");
        group.MapPost("/tasks", StartAsync).WithOperationId("StartTask").WithSummary("Start an agent; the task can be read from the moment of the answer")
            .WithExample("""{"agent":"write_tutorial","input":"MySQL","metadata":{"language":"English"}}""")
            .WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<TaskBody>().Produces<TaskView>(StatusCodes.Status201Created).ProducesErrors(400, 404, 413, 422);
        group.MapGet("/tasks", ListAsync).WithOperationId("ListTasks").WithSummary("The caller's tasks, newest first")
            .WithParameters(ListParameters)
            .Produces<TaskList>().ProducesErrors(400);
        group.MapDelete("/tasks", CleanUpAsync).RequireAuthorization(RelayPolicies.Admin).WithOperationId("DeleteTasks").WithSummary("Delete the caller's tasks that ended long enough ago and that nobody reads")
            .WithParameters(new RouteParameter("older_than", "How long ago a task must have ended, such as 24h.") { IsRequired = true })
            .Produces<DeletedView>().ProducesErrors(400);
        group.MapGet("/tasks/{id}", GetAsync).WithOperationId("GetTask").WithSummary("One task, at once or when it has ended")
            .WithParameters(RouteParameters.Number("wait", "Wait for the end of the task, at most so many seconds.", 1, LongestWait))
            .Produces<TaskView>().ProducesErrors(400, 404);
        group.MapDelete("/tasks/{id}", DeleteAsync).WithOperationId("DeleteTask").WithSummary("Stop the task if it runs, then delete it with its events and files")
            .Produces<DeletedView>().ProducesErrors(404);
        group.MapPost("/tasks/{id}/stop", StopAsync).WithOperationId("StopTask").WithSummary("Stop the task; its output is kept. Stopping twice, or after the end, changes nothing")
            .Produces<TaskView>().ProducesErrors(404);
        group.MapGet("/tasks/{id}/events", EventsEndpoint.ReadAsync).WithMetadata(new TicketScope(IsStream: true)).WithOperationId("ReadTask")
            .WithSummary("Read the task: as server-sent events, or with Accept: application/json as a page of events")
            .WithExample(null, Frame).WithParameters(EventsEndpoint.Parameters).Produces<TaskEventPage>().ProducesStream<TaskEvent>().Produces(StatusCodes.Status204NoContent).ProducesErrors(400, 404, 410);
        group.MapGet("/events", MultiplexEndpoint.ReadAsync).WithMetadata(new TicketScope(IsStream: true, "task")).WithOperationId("ReadTasks")
            .WithSummary("Read up to 32 tasks over one connection; frame ids hold the last frame of each, such as 12.7.0")
            .WithExample(null, Frame).WithParameters(MultiplexEndpoint.Parameters).ProducesStream<TaskEvent>().Produces(StatusCodes.Status204NoContent).ProducesErrors(400, 404, 410);
    }

    private static async Task<IResult> StartAsync(HttpContext context, TaskStarter starter, TaskViewer viewer, ITaskStore tasks, Conversation conversation)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = NativeRequest.Read(body.Json);
        var agent = starter.AgentOrDefault(context, request.Agent, "agent");
        var task = await starter.StartAsync(context, body, request.ToDraft(agent, await InputAsync(request, context, tasks, conversation)));
        context.Response.Headers.Location = $"{BasePath.Of(context)}/v1/tasks/{task.Id}";
        return Results.Json(await viewer.ViewStartedAsync(task, context), TaskJson.Readable.TaskView, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The input; a text in a conversation comes after the messages of the newest task of it that has ended.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> InputAsync(NativeRequest request, HttpContext context, ITaskStore tasks, Conversation conversation)
    {
        var input = request.Input.Raw();
        if (request.SessionId is not { } session || request.Input.ValueKind != JsonValueKind.String)
            return input;

        var earlier = (await tasks.ListAsync(context.CreateQuery() with { SessionId = session }, context.RequestAborted)).FirstOrDefault(task => task.IsEnded);
        return earlier is null ? input : (await conversation.ContinueAsync(earlier, Conversation.UserMessage(input), context.RequestAborted)).Messages;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ITaskStore tasks, TaskViewer viewer)
    {
        var parameters = context.Request.Query;
        var query = context.CreateQuery() with
        {
            Agent = parameters.Text("agent"),
            State = parameters.State("state"),
            SessionId = parameters.Text("session_id"),
            Before = parameters.Id("before"),
            Limit = parameters.Number("limit", 50, MostTasks),
        };

        var page = await TaskPage.ReadAsync(tasks, query, context.RequestAborted);
        RequestMemory.Take(context, ViewCopies * page.Bytes);
        var views = await Task.WhenAll(page.Tasks.Select(task => viewer.ViewAsync(task, context).AsTask()));
        return LargeJson.Create(new TaskList(views, page.HasMore, page.HasMore ? views[^1].Id : null), TaskJson.Readable.TaskList);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, ITaskStore tasks, TaskViewer viewer, AgentHost host, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);
        if (context.Request.Query.Number("wait", LongestWait) is { } seconds)
            task = await WaitAsync(task, TimeSpan.FromSeconds(seconds), context, tasks, host, time, lifetime.ApplicationStopping);

        if (task is null)
            return ApiResults.TaskNotFound(id);

        var view = await viewer.ViewWithInputAsync(task, context);
        RequestMemory.Take(context, ViewCopies * (view.Input is { } input ? JsonMarshal.GetRawUtf8Value(input).Length : 0));
        return LargeJson.Create(view, TaskJson.Readable.TaskView);
    }

    private static async Task<TaskRecord?> WaitAsync(
        TaskRecord task, TimeSpan longest, HttpContext context, ITaskStore tasks, AgentHost host, TimeProvider time, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping, context.RequestAborted);
        await host.WaitAsync(task.Id, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.RequestAborted.ThrowIfCancellationRequested();
        return await tasks.FindAsync(task.Id, context.RequestAborted);
    }

    private static async Task<IResult> StopAsync(string id, HttpContext context, ITaskStore tasks, TaskViewer viewer, AgentHost host) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
        && await host.StopTaskAsync(task.Id, context.RequestAborted) is { } stopped
            ? Results.Json(await viewer.ViewAsync(stopped, context), TaskJson.Readable.TaskView)
            : ApiResults.TaskNotFound(id);

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, ITaskStore tasks, TaskRetention retention, AgentHost host)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);

        await host.StopTaskAsync(task.Id, context.RequestAborted);
        return await retention.DeleteAsync(task.Id, context.RequestAborted)
            ? Results.Json(new DeletedView(id, 1), TaskJson.Readable.DeletedView)
            : ApiResults.TaskNotFound(id);
    }

    private static async Task<IResult> CleanUpAsync(HttpContext context, TaskRetention retention)
    {
        if (context.Request.Query.Age("older_than") is not { } age)
            return ApiResults.Invalid("'older_than' is required: how long ago a task must have ended, such as 24h.", "older_than", "missing_field");

        var deleted = await retention.CleanUpAsync(age, context.CreateQuery(), context.RequestAborted);
        return Results.Json(new DeletedView(null, deleted), TaskJson.Readable.DeletedView);
    }
}
