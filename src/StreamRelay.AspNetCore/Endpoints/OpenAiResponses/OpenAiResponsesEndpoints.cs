using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary><c>/v1/responses</c>: create, read again, cancel and delete; a response is a task.</summary>
internal static class OpenAiResponsesEndpoints
{
    private const string Example = """{"model":"write_tutorial","stream":true,"background":true,"input":"MySQL"}""";
    private const string Frame = """{"type":"response.output_text.delta","item_id":"msg_…","output_index":0,"content_index":0,"delta":"# ","logprobs":[],"sequence_number":4}""";

    // The input, its JSON and its items.
    private const long InputCopies = 3;

    private static readonly string[] Aliases = ["/openai/responses", "/openai/v1/responses"];

    /// <summary>Maps the routes, also where clients of Azure OpenAI look for them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapRoutes(endpoints.MapApi("/v1/responses", "OpenAI"));
        foreach (var prefix in Aliases)
            MapRoutes(endpoints.MapAlias(prefix));
    }

    private static void MapRoutes(RouteGroupBuilder group)
    {
        group.MapPost("", CreateAsync).WithOperationId("CreateResponse").WithSummary("Start an agent and read its answer in the OpenAI Responses format")
            .WithExample(Example, Frame).WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<ResponsesBody>()
            .Produces<ResponsesView>().ProducesStream<ResponsesEvent>().ProducesErrors(400, 404, 413, 422, 424);
        group.MapGet("/{id}", GetAsync).WithOperationId("GetResponse")
            .WithSummary("The response so far, or its stream")
            .WithParameters(RouteParameters.OneOf("stream", "Whether to answer with server-sent events.", "true", "false"),
                RouteParameters.Number("starting_after", "Only the events after the one with this sequence number.", 0, int.MaxValue),
                new("include", "Fields to include. Those that the server has are always included.") { IsList = true })
            .Produces<ResponsesView>().ProducesStream<ResponsesEvent>().ProducesErrors(400, 404);
        group.MapGet("/{id}/input_items", ListInputAsync).WithOperationId("ListInputItems")
            .WithSummary("The input as the agent got it, newest item first").WithParameters(RouteParameters.ItemPage).Produces<ItemList>().ProducesErrors(400, 404);
        group.MapPost("/{id}/cancel", CancelAsync).WithOperationId("CancelResponse").WithSummary("Stop a background response; its output is kept. Cancelling twice changes nothing")
            .Produces<ResponsesView>().ProducesErrors(400, 404);
        group.MapDelete("/{id}", DeleteAsync).WithOperationId("DeleteResponse").WithSummary("Stop the response if it runs, then delete it")
            .Produces<ResponsesDeletion>().ProducesErrors(404);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, TaskReader reader, ResponsesHistory history)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = ResponsesRequest.Read(body.Json);
        var agent = starter.RequireAgent(context, request.Model, "model");
        var draft = await history.DraftAsync(context, request, agent);
        if (request.Stream)
            return await starter.StreamAsync(context, body, draft, ResponsesProtocol.Instance);

        var task = await starter.StartAsync(context, body, draft);
        if (request.Background)
            return await ViewAsync(context, task, reader);

        var answer = new ResponsesAnswer(task.Request);
        return await reader.ReadToEndAsync(context, task.Request, entry => answer.Add(entry)) ?? View(answer, task);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, ITaskStore tasks, TaskReader reader)
    {
        ResponsesInclude.Check(ItemPageQuery.Include(context.Request.Query));
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);

        return context.Request.Query["stream"] == "true"
            ? new StreamResult(task.Request, ResponsesProtocol.Instance, ReadResumePoint(context.Request))
            : await ViewAsync(context, task, reader);
    }

    private static ResumePoint ReadResumePoint(HttpRequest request)
    {
        ResumeQuery.RefuseOthers(request.Query, "starting_after");
        var after = request.Query["starting_after"].ToString();
        return after.Length == 0 ? ResumePoint.Start
            : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? ResumePoint.AfterFrames(number + 1L)
            : throw RequestException.Invalid("'starting_after' must be the sequence_number of an event: a whole number from 0 on.", "starting_after", "invalid_cursor");
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, ITaskStore tasks, TaskReader reader, AgentHost host)
    {
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);
        if (ResponsesTask.Find(task.Request) is { IsBackground: false })
            return ApiResults.Invalid($"Response '{id}' is not a background response; disconnect from it, or stop its task at {BasePath.Of(context)}/v1/tasks/{task.Id}/stop.", "id", "not_background");

        return await host.StopTaskAsync(task.Id, context.RequestAborted) is { } stopped ? await ViewAsync(context, stopped, reader) : NotFound(id);
    }

    private static async Task<IResult> ListInputAsync(string id, HttpContext context, ITaskStore tasks)
    {
        var query = ItemPageQuery.Read(context.Request.Query);
        if (await FindAsync(context, id, tasks) is not { } task || await tasks.GetInputAsync(task.Id, context.RequestAborted) is not { } input)
            return NotFound(id);

        RequestMemory.Take(context, InputCopies * input.Content.Length);
        return ItemPage.Select(query, ResponsesInputItems.List(task.Id, input)).ToResult(context);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, ITaskStore tasks, TaskRetention retention, AgentHost host)
    {
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);

        await host.StopTaskAsync(task.Id, context.RequestAborted);
        return await retention.DeleteAsync(task.Id, context.RequestAborted)
            ? Results.Json(new ResponsesDeletion(id), ResponsesDeletionJson.Default.ResponsesDeletion)
            : NotFound(id);
    }

    private static ValueTask<TaskRecord?> FindAsync(HttpContext context, string id, ITaskStore tasks) =>
        TaskAccess.FindAsync(context, ResponsesId.ToTask(id), tasks, context.RequestAborted);

    private static IResult NotFound(string id) => ApiResults.NotFound($"There is no response '{id}'.", "response_not_found", "id");

    private static async ValueTask<IResult> ViewAsync(HttpContext context, TaskRecord task, TaskReader reader)
    {
        var answer = new ResponsesAnswer(task.Request);
        await reader.ReadToHeadAsync(context, task, long.MaxValue, entry => answer.Add(entry));
        return View(answer, task);
    }

    private static LargeJson View(ResponsesAnswer answer, TaskRecord task) =>
        new LargeJson(answer.ToJson(isQueued: task.State == TaskState.Queued));
}
