using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Events;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.AgUi;

/// <summary><c>POST /ag-ui</c>: runs, for AG-UI's HttpAgent.</summary>
internal static class AgUiEndpoints
{
    private const string Example = """{"threadId":"thread-1","runId":"run-1","messages":[{"id":"1","role":"user","content":"MySQL"}]}""";
    private const string Frame = """{"type":"TEXT_MESSAGE_CONTENT","messageId":"msg_…_1","delta":"# ","timestamp":1795220202123}""";

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/ag-ui", "AG-UI");
        group.MapPost("", (HttpContext context, TaskStarter starter, TaskReader reader, ITaskStore tasks) => RunAsync(null, context, starter, reader, tasks)).WithOperationId("RunAgent")
            .WithSummary("Run the agent that forwardedProps.agent names, else the default agent; the same runId again reads the same run from its beginning")
            .WithExample(Example, Frame).WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<AgUiBody>().ProducesStream<AgUiEvent>().ProducesErrors(400, 404, 413, 422, 423);
        group.MapPost("/{agent}", (string agent, HttpContext context, TaskStarter starter, TaskReader reader, ITaskStore tasks) => RunAsync(agent, context, starter, reader, tasks)).WithOperationId("RunNamedAgent")
            .WithSummary("Run this agent; the same runId again reads the same run from its beginning")
            .WithExample(Example, Frame).WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<AgUiBody>().ProducesStream<AgUiEvent>().ProducesErrors(400, 404, 413, 422, 423);
    }

    private static async Task<IResult> RunAsync(string? name, HttpContext context, TaskStarter starter, TaskReader reader, ITaskStore tasks)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = AgUiRequest.Read(body.Json);
        var agent = starter.AgentOrDefault(context, name ?? request.Agent, name is null ? "forwardedProps.agent" : "agent");
        var task = await starter.StartAsync(context, body, request.ToDraft(agent));
        return context.Features.Get<RepeatedStart>() is null
            ? new StreamResult(task.Request, AgUiProtocol.Instance)
            : await ReplayAsync(task, context, reader, tasks);
    }

    private static async Task<IResult> ReplayAsync(TaskRecord task, HttpContext context, TaskReader reader, ITaskStore tasks)
    {
        StreamEntry? start = null;
        await reader.ReadToHeadAsync(context, task, maxBytes: 1, entry => start ??= entry);
        if (start is not { } first || await tasks.GetInputAsync(task.Id, context.RequestAborted) is not { } input)
            return new StreamResult(task.Request, AgUiProtocol.Instance);

        var frames = AgUiReplay.ToFrames(task.Request, first, input);
        return new StreamResult(task.Request, AgUiProtocol.Instance, frames.IsEmpty ? ResumePoint.Start : ResumePoint.After(new(first.Offset, 0)), frames);
    }
}
