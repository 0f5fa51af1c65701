using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Docs.Blocks;

/// <summary>An OpenAI-compatible server whose models all give the same answer.</summary>
internal sealed class ModelServer
{
    private readonly WebApplication _app;

    private ModelServer(WebApplication app) => _app = app;

    /// <summary>Its host and port.</summary>
    public string Address => new Uri(_app.Urls.First()).Authority;

    public static async Task<ModelServer> StartAsync()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await app.StartAsync();
        return new(app);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var delta in (string[])["""{"role":"assistant","content":""}""", """{"content":"Hello "}""", """{"content":"from a model."}"""])
            await context.Response.WriteAsync($"data: {Chunk(delta, "null")}\n\n");

        await context.Response.WriteAsync($"data: {Chunk("{}", "\"stop\"")}\n\ndata: [DONE]\n\n");
    }

    private static string Chunk(string delta, string finish) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""";
}
