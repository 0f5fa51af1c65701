using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Benchmarks.Gateway;

/// <summary>A model that answers every chat with 64 deltas, one each 20 ms. Each delta is the time at which it was sent.</summary>
internal static class PacedModel
{
    /// <summary>The first argument that makes this program this server; the second is its address.</summary>
    public const string Argument = "paced-model";

    /// <summary>How many deltas an answer has.</summary>
    public const int Deltas = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] End = Encoding.UTF8.GetBytes("""
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"paced","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]


        """);

    public static async Task RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/", static () => "");
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await app.RunAsync(address);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentType = "text/event-stream";
        using var timer = new PeriodicTimer(Pace);
        for (var index = 0; index < Deltas; index++)
        {
            await context.Response.BodyWriter.WriteAsync(Delta(Stopwatch.GetTimestamp()));
            await timer.WaitForNextTickAsync();
        }

        await context.Response.BodyWriter.WriteAsync(End);
    }

    private static byte[] Delta(long now) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"paced","choices":[{"index":0,"delta":{"content":"{{now}} "},"finish_reason":null}]}


        """));
}
