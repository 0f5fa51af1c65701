using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Conversations;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary><c>/v1/responses</c>: create, read again, cancel and delete; a response is a task.</summary>
public static class OpenAiResponsesEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapOpenAiResponses(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/responses").WithTags("OpenAI");
        group.AddEndpointFilter<RequestExceptionFilter>();
        group.MapPost("", CreateAsync).WithName("CreateResponse").WithSummary("Start an agent and read its answer in the OpenAI Responses format")
            .WithExample("""{"model":"write_tutorial","stream":true,"background":true,"input":"MySQL"}""",
                """{"type":"response.output_text.delta","item_id":"msg_…","output_index":0,"content_index":0,"delta":"# ","logprobs":[],"sequence_number":4}""")
            .Accepts<ResponseBody>("application/json", "*/*").Produces<ResponseView>(200, "application/json", "text/event-stream").ProducesErrors(400, 404, 413, 422, 424);
        group.MapGet("/{id}", GetAsync).WithName("GetResponse")
            .WithSummary("The response as far as it has come; ?stream=true streams it, &starting_after=N only what comes after event N")
            .Produces<ResponseView>(200, "application/json", "text/event-stream").ProducesErrors(400, 404);
        group.MapPost("/{id}/cancel", CancelAsync).WithName("CancelResponse").WithSummary("Stop a background response; what it said is kept. Cancelling twice changes nothing")
            .Produces<ResponseView>().ProducesErrors(400, 404);
        group.MapDelete("/{id}", DeleteAsync).WithName("DeleteResponse").WithSummary("Stop the response if it runs, then delete it")
            .Produces<DeletedResponse>().ProducesErrors(404);
        return group;
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, TaskReader reader, Conversation conversation, ITaskStore tasks)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = ResponseRequest.Read(body.Json);
        var agent = starter.RequireAgent(context, request.Model, "model");
        var messages = await MessagesAsync(context, request, conversation, tasks);
        var task = await starter.StartAsync(context, body, request.ToDraft(agent), new(messages, body.Json.Without("input")));
        if (request.Stream)
            return new StreamResult(task.Request, ResponsesProtocol.Instance, ResumePoint.Start);
        if (request.Background)
            return await ViewAsync(task, reader, context.RequestAborted);

        var encoder = new ResponseEncoder(task.Request);
        var frames = new SseWriter();
        return await reader.ReadToEndAsync(context, task.Request, entry => encoder.Skip(entry, frames)) ?? View(encoder, task);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> MessagesAsync(HttpContext context, ResponseRequest request, Conversation conversation, ITaskStore tasks)
    {
        var messages = request.Messages();
        if (request.Previous is { } id)
        {
            var previous = await FindAsync(context, id, tasks) ?? throw RequestException.Invalid(
                $"There is no response '{id}': unknown, or deleted.", "previous_response_id", "previous_response_not_found");
            if (!previous.IsEnded)
                throw RequestException.Invalid($"Response '{id}' has not ended; wait for it, or cancel it.", "previous_response_id", "previous_response_not_ended");

            messages = await conversation.ContinueAsync(previous, messages, context.RequestAborted);
        }

        MessageList.Check(JsonElement.Parse(messages.Span), "input");
        return messages;
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, ITaskStore tasks, TaskReader reader)
    {
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);
        if (context.Request.Query["stream"] != "true")
            return await ViewAsync(task, reader, context.RequestAborted);

        var after = context.Request.Query["starting_after"].ToString();
        return after.Length == 0 ? new StreamResult(task.Request, ResponsesProtocol.Instance, ResumePoint.Start)
            : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new StreamResult(task.Request, ResponsesProtocol.Instance, ResumePoint.AfterFrames(number + 1L))
                : ApiResults.Invalid("'starting_after' must be the sequence_number of an event: a whole number from 0 on.", "starting_after", "invalid_cursor");
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, ITaskStore tasks, TaskReader reader, AgentHost host)
    {
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);
        if (!ResponseEcho.IsBackground(task.Request))
            return ApiResults.Invalid($"Response '{id}' is not a background response; disconnect from it, or stop its task at /v1/tasks/{task.Id}/stop.", "id", "not_background");

        return await host.StopTaskAsync(task.Id, context.RequestAborted) is { } stopped ? await ViewAsync(stopped, reader, context.RequestAborted) : NotFound(id);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, ITaskStore tasks, TaskRetention retention, AgentHost host)
    {
        if (await FindAsync(context, id, tasks) is not { } task)
            return NotFound(id);

        await host.StopTaskAsync(task.Id, context.RequestAborted);
        return await retention.DeleteAsync(task.Id, context.RequestAborted)
            ? Results.Json(new DeletedResponse(id), ApiJson.Default.DeletedResponse)
            : NotFound(id);
    }

    private static ValueTask<TaskRecord?> FindAsync(HttpContext context, string id, ITaskStore tasks) =>
        TaskAccess.FindAsync(context, ResponseId.ToTask(id), tasks, context.RequestAborted);

    private static IResult NotFound(string id) => ApiResults.NotFound($"There is no response '{id}'.", "response_not_found", "id");

    private static async ValueTask<IResult> ViewAsync(TaskRecord task, TaskReader reader, CancellationToken cancellationToken)
    {
        var encoder = new ResponseEncoder(task.Request);
        var frames = new SseWriter();
        await reader.ReadToHeadAsync(task, entry => encoder.Skip(entry, frames), cancellationToken);
        return View(encoder, task);
    }

    private static IResult View(ResponseEncoder encoder, TaskRecord task)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        encoder.Response.Write(json, task.State == TaskState.Queued ? "queued" : "in_progress", withOutput: true);
        return Results.Bytes(json.WrittenMemory, "application/json");
    }
}
