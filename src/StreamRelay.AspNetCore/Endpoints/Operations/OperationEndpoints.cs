using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Requests;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Operations;

/// <summary><c>POST /v1/operations/{operation_id}/complete</c>: an external operation is complete, and the task that waits for it ends.</summary>
internal static class OperationEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/operations", "Tasks");
        group.MapPost("/{operationId}/complete", CompleteAsync).RequireAuthorization(RelayPolicies.Push).WithOperationId("CompleteOperation")
            .WithSummary("An external operation is complete: the task started for it ends with the result, or with the error. Completing twice changes nothing")
            .WithExample("""{"success":true,"result":{"rows":42}}""")
            .AcceptsJson<Completion>().Produces<TaskView>().ProducesErrors(400, 404);
    }

    private static async Task<IResult> CompleteAsync(string operationId, HttpContext context, [AsParameters] OperationServices services)
    {
        var body = await RequestBody.ReadAsync(context);
        UnknownFields.Refuse(body.Json, "success", "result", "error", "task_id");
        var completion = Completion.Read(body.Json);
        if (await FindAsync(operationId, completion, context, services.Tasks) is not { } task)
            return ApiResults.NotFound($"No task waits for operation '{operationId}'.", "operation_not_found", "operation_id");
        if (!services.Agents.IsExternal(task.Request))
            return ApiResults.Invalid($"Task {task.Id} is run here, by agent '{task.Request.Agent}'; only tasks of an agent of type push wait for an operation.", "operation_id", "not_pushed");
        if (!await TryApplyAsync(task, completion, services, context.RequestAborted))
        {
            return ApiResults.Error(StatusCodes.Status503ServiceUnavailable,
                new($"Task {task.Id} cannot take it now; complete the operation again in a moment.", "server_error", null, "not_stored"));
        }

        var ended = await services.Tasks.FindAsync(task.Id, context.RequestAborted);
        return Results.Json(await services.Viewer.ViewAsync(ended!, context), TaskJson.Readable.TaskView);
    }

    private static async ValueTask<bool> TryApplyAsync(TaskRecord task, Completion completion, OperationServices services, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(services.Options.Value.PublishTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await services.Handler.ApplyAsync(task, completion, either.Token);
            return true;
        }
        catch (Exception exception) when (exception is PublishException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async ValueTask<TaskRecord?> FindAsync(string operationId, Completion completion, HttpContext context, ITaskStore tasks)
    {
        var waiting = await tasks.ListAsync(context.CreateQuery() with { OperationId = PathText.Decode(operationId), Limit = 1 }, context.RequestAborted);
        return waiting.Count > 0 ? waiting[0]
            : completion.TaskId is { } id ? await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted)
            : null;
    }
}
