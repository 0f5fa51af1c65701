using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Operations;

/// <summary><c>POST /v1/operations/{operation_id}/complete</c>: an outside operation is done, and the task that waits for it ends.</summary>
public static class OperationEndpoint
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapOperations(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/operations/{operationId}/complete", CompleteAsync).AddEndpointFilter<RequestExceptionFilter>().WithName("CompleteOperation").WithTags("Tasks")
            .WithSummary("An outside operation is done: the task made for it ends with the result, or with the error. Completing twice changes nothing")
            .WithExample("""{"success":true,"result":{"rows":42}}""")
            .Accepts<Completion>("application/json", "*/*").Produces<TaskView>().ProducesErrors(400, 404, 503);

    private static async Task<IResult> CompleteAsync(
        string operationId, HttpContext context, ITaskStore tasks, AgentRegistry agents, TaskViewer viewer, CompletionHandler handler, IOptions<StreamOptions> options, TimeProvider time)
    {
        var completion = Completion.Read((await RequestBody.ReadAsync(context)).Json);
        if (await FindAsync(operationId, completion, context, tasks) is not { } task)
            return ApiResults.NotFound($"No task waits for operation '{operationId}'.", "operation_not_found", "operation_id");
        if (agents.Find(task.Request.Agent)?.Runner is not PushRunner)
            return ApiResults.Invalid($"Task {task.Id} is run here, by agent '{task.Request.Agent}'; only tasks of an agent of type push wait for an operation.", "operation_id", "not_pushed");

        using var timeout = new CancellationTokenSource(options.Value.PublishTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            await handler.ApplyAsync(task, completion, either.Token);
        }
        catch (Exception exception) when (exception is PublishException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            return ApiResults.Error(StatusCodes.Status503ServiceUnavailable,
                new($"Task {task.Id} cannot take it now; complete the operation again in a moment.", "server_error", null, "not_stored"));
        }

        return Results.Json(await viewer.ViewAsync((await tasks.FindAsync(task.Id, context.RequestAborted))!, context.RequestAborted), TaskJson.Readable.TaskView);
    }

    private static async ValueTask<TaskRecord?> FindAsync(string operationId, Completion completion, HttpContext context, ITaskStore tasks)
    {
        var waiting = await tasks.ListAsync(new() { Owner = context.GetOwner(), OperationId = PathText.Decode(operationId), Limit = 1 }, context.RequestAborted);
        return waiting.Count > 0 ? waiting[0]
            : completion.TaskId is { } id ? await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted)
            : null;
    }
}
