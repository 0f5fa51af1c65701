using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using StreamRelay.Protocols.Http;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary><c>POST /v1/chat/completions</c>, streaming and not: both are the same task, read from the same log.</summary>
public static class ChatEndpoints
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapOpenAiChat(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/chat/completions", CreateAsync)
            .AddEndpointFilter<ApiExceptionFilter>()
            .WithName("CreateChatCompletion")
            .WithTags("OpenAI")
            .WithSummary("Start an agent and read its answer in the OpenAI format")
            .Accepts<ChatCompletionBody>("application/json", "*/*")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream", "application/json")
            .Produces<ApiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrorBody>(StatusCodes.Status404NotFound)
            .Produces<ApiErrorBody>(StatusCodes.Status413PayloadTooLarge)
            .Produces<ApiErrorBody>(StatusCodes.Status422UnprocessableEntity)
            .Produces<ApiErrorBody>(StatusCodes.Status424FailedDependency);

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, StreamManager streams, IHostApplicationLifetime lifetime)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = ChatRequest.Read(body.Json);
        var agent = starter.RequireAgent(context, request.Model, "model");
        var task = await starter.StartAsync(context, body, request.ToDraft(agent), request.Input);
        return request.Stream
            ? new StreamResult(task.Request, ChatProtocol.Instance, FrameId.None)
            : await AnswerAsync(context, task.Request, streams, lifetime);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, TaskRequest request, StreamManager streams, IHostApplicationLifetime lifetime)
    {
        using var counted = streams.Readers.Enter(request.Id);
        using var cursor = streams.Read(request.Id, 0);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var answer = new ChatFold(request);
        try
        {
            while (!cursor.IsCompleted)
            {
                foreach (var entry in (await cursor.ReadAsync(left.Token)).Span)
                    answer.Add(entry);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Failed(context, $"The server is shutting down; task {request.Id} can be read when it is back.", "interrupted");
        }

        return answer.Terminal!.Kind == StreamEventKind.Error
            ? Failed(context, System.Text.Encoding.UTF8.GetString(answer.Terminal.Content.Span), ChatJson.Text(answer.Terminal, "code"))
            : Results.Bytes(answer.ToJson(), "application/json");
    }

    private static IResult Failed(HttpContext context, string message, string code)
    {
        // A retry would start another run.
        context.Response.Headers["x-should-retry"] = "false";
        return ApiResults.TaskFailed(message, code);
    }
}
