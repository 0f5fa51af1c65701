using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.AgUi;

namespace StreamRelay.AspNetCore.Endpoints.AgUi;

/// <summary><c>POST /ag-ui</c>: runs, for AG-UI's HttpAgent.</summary>
public static class AgUiEndpoints
{
    private const string Example = """{"threadId":"thread-1","runId":"run-1","messages":[{"id":"1","role":"user","content":"MySQL"}]}""";
    private const string Frame = """{"type":"TEXT_MESSAGE_CONTENT","messageId":"msg_…_1","delta":"# ","timestamp":1795220202123}""";

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAgUi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/ag-ui", "AG-UI");
        group.MapPost("", (HttpContext context, TaskStarter starter) => RunAsync(null, context, starter)).WithName("RunAgent")
            .WithSummary("Run the agent that forwardedProps.agent names, else the default agent; the same runId again reads the same run from its beginning")
            .WithExample(Example, Frame).AnswersWithStream<AgUiBody>().ProducesErrors(400, 404, 413, 422, 423);
        group.MapPost("/{agent}", (string agent, HttpContext context, TaskStarter starter) => RunAsync(agent, context, starter)).WithName("RunNamedAgent")
            .WithSummary("Run this agent; the same runId again reads the same run from its beginning")
            .WithExample(Example, Frame).AnswersWithStream<AgUiBody>().ProducesErrors(400, 404, 413, 422, 423);
        return group;
    }

    private static async Task<IResult> RunAsync(string? name, HttpContext context, TaskStarter starter)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = AgUiRequest.Read(body.Json);
        var agent = starter.AgentOrDefault(context, name ?? request.Agent, name is null ? "forwardedProps.agent" : "agent");
        return await starter.StreamAsync(context, body, request.ToDraft(agent), AgUiProtocol.Instance);
    }
}
