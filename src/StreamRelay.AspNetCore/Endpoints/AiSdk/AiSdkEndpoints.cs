using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.AiSdk;

/// <summary><c>/api/chat</c>: chats, for the AI SDK's <c>useChat</c>. Errors are plain text, because it shows the body to the user.</summary>
internal static class AiSdkEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/api/chat", "AI SDK").WithMetadata(new PlainTextErrors());
        group.MapPost("", SendAsync).WithOperationId("SendChatMessage").WithSummary("Send a chat's messages and read the answer as a UI message stream")
            .WithParameters(RouteParameters.IdempotencyKey, new RouteParameter("agent", "The agent, where the body names none. Default: the default agent."))
            .WithExample("""{"id":"chat-1","agent":"write_tutorial","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"MySQL"}]}]}""",
                """{"type":"text-delta","id":"text-1","delta":"# "}""")
            .AcceptsJson<AiSdkBody>().ProducesStream<AiSdkChunk>().ProducesErrors(400, 404, 413, 422, 423);
        group.MapGet("/{chatId}/stream", ResumeAsync).WithOperationId("ResumeChat")
            .WithSummary("Read the running answer again, from its first chunk; also a while after its end. 204: there is none")
            .ProducesStream<AiSdkChunk>().Produces(204).ProducesErrors(404);
        group.MapDelete("/{chatId}", StopAsync).WithOperationId("StopChat").WithSummary("Stop the tasks of the chat that run; their output is kept. Stopping twice changes nothing")
            .Produces(204);
    }

    private static async Task<IResult> SendAsync(HttpContext context, TaskStarter starter)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = AiSdkRequest.Read(body.Json);
        var agent = starter.AgentOrDefault(context, request.Agent ?? NullIfEmpty(context.Request.Query["agent"]), "agent");
        return await starter.StreamAsync(context, body, request.ToDraft(agent), AiSdkProtocol.Instance);
    }

    private static async Task<IResult> ResumeAsync(string chatId, HttpContext context, ITaskStore tasks, IOptions<StreamOptions> options, TimeProvider time)
    {
        var recent = await ListAsync(chatId, context, tasks);
        var since = time.GetUtcNow() - options.Value.ResumeGrace;
        var task = recent.LastOrDefault(task => !task.IsEnded) ?? recent.FirstOrDefault(task => task.EndedAt > since);
        return task is null ? Results.NoContent() : new StreamResult(task.Request, AiSdkProtocol.Instance);
    }

    private static async Task<IResult> StopAsync(string chatId, HttpContext context, ITaskStore tasks, AgentHost host)
    {
        var running = (await ListAsync(chatId, context, tasks)).Where(task => !task.IsEnded);
        await Task.WhenAll(running.Select(task => host.StopTaskAsync(task.Id, context.RequestAborted).AsTask()));
        return Results.NoContent();
    }

    /// <summary>The newest tasks of the chat, newest first.</summary>
    private static ValueTask<IReadOnlyList<TaskRecord>> ListAsync(string chatId, HttpContext context, ITaskStore tasks) =>
        tasks.ListAsync(context.CreateQuery() with { SessionId = PathText.Decode(chatId) }, context.RequestAborted);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
