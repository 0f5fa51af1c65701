using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The least that a minimal API does for the same work: it parses the same bodies and answers as many bytes, without keys, tasks or a log.</summary>
internal static class BareKestrel
{
    /// <summary>The first argument that makes this program this server; the second is its address.</summary>
    public const string Argument = "bare-kestrel";

    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"object":"list","data":[{"id":"probe","object":"model","created":0,"owned_by":"streamrelay"}]}""");
    private static readonly byte[] Accepted = Encoding.UTF8.GetBytes("""{"accepted":1,"last_event":123456}""");
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""{"id":"chatcmpl-01a22bfc84eb7000ac3d215434d68bc6","object":"chat.completion","created":1,"model":"probe","choices":[{"index":0,"message":{"role":"assistant","content":"t1 "},"finish_reason":"stop"}],"usage":{"prompt_tokens":2,"completion_tokens":1,"total_tokens":3}}""");
    private static readonly byte[] Frame = Encoding.UTF8.GetBytes("id: 1\ndata: {\"id\":\"chatcmpl-01a22bfc84eb7000ac3d215434d68bc6\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"probe\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"t1 \"},\"finish_reason\":null}]}\n\n");
    private static readonly byte[] Done = Encoding.UTF8.GetBytes("data: [DONE]\n\n");

    public static async Task RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/document", static (HttpContext context) => WriteAsync(context, Document));
        app.MapPost("/event", static async (HttpContext context) => await ParseAndWriteAsync(context, Accepted));
        app.MapPost("/chat", static async (HttpContext context) => await ParseAndWriteAsync(context, Answer));
        app.MapPost("/stream", StreamAsync);
        await app.RunAsync(address);
    }

    private static async Task ParseAndWriteAsync(HttpContext context, byte[] answer)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        await WriteAsync(context, answer);
    }

    private static async Task StreamAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        context.Response.ContentType = "text/event-stream";
        for (var index = 0; index < HttpRows.Events; index++)
            await context.Response.BodyWriter.WriteAsync(Frame);

        await context.Response.BodyWriter.WriteAsync(Done);
    }

    private static async Task WriteAsync(HttpContext context, byte[] answer)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }
}
