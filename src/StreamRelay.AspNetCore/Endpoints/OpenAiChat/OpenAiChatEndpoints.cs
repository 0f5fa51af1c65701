using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary><c>POST /v1/chat/completions</c>, streaming and not: both are the same task, read from the same log.</summary>
public static class OpenAiChatEndpoints
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapOpenAiChat(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/chat/completions", CreateAsync)
            .AddEndpointFilter<RequestExceptionFilter>()
            .WithName("CreateChatCompletion")
            .WithTags("OpenAI")
            .WithSummary("Start an agent and read its answer in the OpenAI format")
            .WithExample("""{"model":"write_tutorial","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"MySQL"}]}""",
                """{"id":"chatcmpl-…","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"# "},"finish_reason":null}]}""")
            .Accepts<ChatCompletionBody>("application/json", "*/*")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream", "application/json")
            .Produces<ApiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrorBody>(StatusCodes.Status404NotFound)
            .Produces<ApiErrorBody>(StatusCodes.Status413PayloadTooLarge)
            .Produces<ApiErrorBody>(StatusCodes.Status422UnprocessableEntity)
            .Produces<ApiErrorBody>(StatusCodes.Status424FailedDependency);

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, TaskReader reader)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = ChatRequest.Read(body.Json);
        var agent = starter.RequireAgent(context, request.Model, "model");
        var task = await starter.StartAsync(context, body, request.ToDraft(agent), request.Input);
        if (request.Stream)
            return new StreamResult(task.Request, ChatProtocol.Instance, ResumePoint.Start);

        var answer = new ChatFold(task.Request);
        return await reader.ReadToEndAsync(context, task.Request, entry => answer.Add(entry))
            ?? Results.Bytes(answer.ToJson(), "application/json");
    }
}
