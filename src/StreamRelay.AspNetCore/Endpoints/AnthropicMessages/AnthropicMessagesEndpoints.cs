using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.AnthropicMessages;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary><c>/v1/messages</c>: messages, streaming and not, and the estimated number of their tokens. Errors have the form of the Anthropic API.</summary>
internal static class AnthropicMessagesEndpoints
{
    private const string Example = """{"model":"write_tutorial","max_tokens":1024,"stream":true,"messages":[{"role":"user","content":"MySQL"}]}""";
    private const string Frame = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"# "}}""";

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/messages", "Anthropic").WithMetadata(new AnthropicErrors());
        group.MapPost("", CreateAsync).WithOperationId("CreateMessage").WithSummary("Start an agent and read its answer in the Anthropic Messages format")
            .WithExample(Example, Frame).WithParameters(RouteParameters.IdempotencyKey).AcceptsJson<AnthropicBody>()
            .Produces<AnthropicAnswerView>().ProducesStream<AnthropicEvent>().ProducesErrors(400, 404, 413, 422, 424);
        group.MapPost("/count_tokens", CountTokensAsync).WithOperationId("CountMessageTokens").WithSummary("Estimate the tokens of a message: one for every four bytes of text")
            .WithExample(Example).AcceptsJson<AnthropicBody>().Produces<AnthropicTokenCount>().ProducesErrors(400, 404, 413);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TaskStarter starter, TaskReader reader)
    {
        var (body, request, agent) = await ReadAsync(context, starter);
        var draft = request.ToDraft(agent);
        if (request.Stream)
            return await starter.StreamAsync(context, body, draft, AnthropicProtocol.Instance);

        var task = await starter.StartAsync(context, body, draft);
        var answer = new AnthropicAnswer(task.Request);
        return await reader.ReadToEndAsync(context, task.Request, entry => answer.Add(entry))
            ?? new LargeJson(answer.ToJson());
    }

    private static async Task<IResult> CountTokensAsync(HttpContext context, TaskStarter starter)
    {
        var (_, request, _) = await ReadAsync(context, starter);
        return Results.Json(new AnthropicTokenCount(request.EstimateTokens()), AnthropicBodyJson.Default.AnthropicTokenCount);
    }

    private static async ValueTask<(RequestBody Body, AnthropicRequest Request, string Agent)> ReadAsync(HttpContext context, TaskStarter starter)
    {
        AnthropicHeaders.Write(context.Response);
        var body = await RequestBody.ReadAsync(context);
        var request = AnthropicRequest.Read(body.Json);
        return (body, request, starter.RequireAgent(context, request.Model, "model"));
    }
}
