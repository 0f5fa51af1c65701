using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.Sse;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.AiSdk;

/// <summary><c>/api/chat</c>: what the AI SDK's <c>useChat</c> speaks to. Errors are plain text, because it shows them as they are.</summary>
public static class AiSdkEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAiSdk(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/chat").WithTags("AI SDK").WithMetadata(new PlainTextErrors());
        group.AddEndpointFilter<RequestExceptionFilter>();
        group.MapPost("", SendAsync).WithName("SendChatMessage").WithSummary("Send a chat's messages and read the answer as a UI message stream (?agent=)")
            .WithExample("""{"id":"chat-1","agent":"write_tutorial","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"MySQL"}]}]}""",
                """{"type":"text-delta","id":"text-1","delta":"# "}""")
            .Accepts<AiSdkBody>("application/json", "*/*").Produces<string>(200, "text/event-stream").ProducesTextErrors(400, 404, 413, 422, 423);
        group.MapGet("/{chatId}/stream", ResumeAsync).WithName("ResumeChat")
            .WithSummary("Read the running answer again, from its first chunk; also a while after its end. 204: there is none")
            .Produces<string>(200, "text/event-stream").Produces(204);
        group.MapDelete("/{chatId}", StopAsync).WithName("StopChat").WithSummary("Stop what runs in the chat; what it said is kept. Stopping twice changes nothing")
            .Produces(204);
        return group;
    }

    private static async Task<IResult> SendAsync(HttpContext context, TaskStarter starter)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = AiSdkRequest.Read(body.Json);
        var agent = starter.AgentOrDefault(context, request.Agent ?? NullIfEmpty(context.Request.Query["agent"]), "agent");
        var task = await starter.StartAsync(context, body, request.ToDraft(agent), request.Input);
        return Stream(task);
    }

    private static async Task<IResult> ResumeAsync(string chatId, HttpContext context, ITaskStore tasks, IOptions<StreamOptions> options, TimeProvider time)
    {
        var recent = await ListAsync(chatId, context, tasks);
        var since = time.GetUtcNow() - options.Value.ResumeGrace;
        var task = recent.LastOrDefault(task => !task.IsEnded) ?? recent.FirstOrDefault(task => task.EndedAt > since);
        return task is null ? Results.NoContent() : Stream(task);
    }

    private static async Task<IResult> StopAsync(string chatId, HttpContext context, ITaskStore tasks, AgentHost host)
    {
        var running = (await ListAsync(chatId, context, tasks)).Where(task => !task.IsEnded);
        await Task.WhenAll(running.Select(task => host.StopTaskAsync(task.Id, context.RequestAborted).AsTask()));
        return Results.NoContent();
    }

    /// <summary>The chat's newest tasks, newest first. A slash in the id comes still escaped.</summary>
    private static ValueTask<IReadOnlyList<TaskRecord>> ListAsync(string chatId, HttpContext context, ITaskStore tasks) =>
        tasks.ListAsync(new() { Owner = context.GetOwner(), SessionId = PathText.Decode(chatId) }, context.RequestAborted);

    private static StreamResult Stream(TaskRecord task) => new(task.Request, UiMessageProtocol.Instance, ResumePoint.Start);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
