using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.OpenAiChat;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary><c>POST /v1/chat/completions</c>, streaming and not: both answers are folds of the same log.</summary>
internal static class OpenAiChatEndpoints
{
    private const string Example = """{"model":"write_tutorial","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"MySQL"}]}""";
    private const string Frame = """{"id":"chatcmpl-…","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"# "},"finish_reason":null}]}""";

    /// <summary>Maps the route, also where clients of Azure OpenAI look for it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapCompletions(endpoints.MapApi("/v1/chat", "OpenAI"));
        MapCompletions(endpoints.MapAlias("/openai/v1/chat"));
        MapCompletions(endpoints.MapAlias("/openai/deployments/{deployment}/chat"));
    }

    private static void MapCompletions(RouteGroupBuilder group) =>
        group.MapPost("/completions", CreateAsync).WithOperationId("CreateChatCompletion").WithSummary("Start an agent and read its answer in the OpenAI format")
            .WithExample(Example, Frame).WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<OpenAiChatBody>()
            .Produces<OpenAiChatCompletion>().ProducesStream<OpenAiChatChunkView>().ProducesErrors(400, 404, 413, 422, 424);

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, TaskReader reader)
    {
        var body = await RequestBody.ReadAsync(context);
        var request = OpenAiChatRequest.Read(body.Json);
        var agent = context.GetRouteValue("deployment") is string deployment
            ? starter.RequireAgent(context, PathText.Decode(deployment), "deployment")
            : starter.RequireAgent(context, request.Model, "model");
        var draft = request.ToDraft(agent);
        if (request.Stream)
            return await starter.StreamAsync(context, body, draft, OpenAiChatProtocol.Instance);

        var task = await starter.StartAsync(context, body, draft);
        var answer = new OpenAiChatAnswer(task.Request);
        return await reader.ReadToEndAsync(context, task.Request, entry => answer.Add(entry))
            ?? new LargeJson(answer.ToJson());
    }
}
