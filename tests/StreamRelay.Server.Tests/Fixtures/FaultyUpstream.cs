using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server that answers chat requests as a test configures.</summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FaultyUpstream(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Urls"] = "http://127.0.0.1:0";
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            LastBody = await body.ReadToEndAsync();
            await answer(context, Interlocked.Increment(ref _requests));
        });
    }

    public int Requests => Volatile.Read(ref _requests);

    public string LastBody { get; private set; } = "";

    public string BaseUrl => $"{_app.Urls.First()}/v1";

    /// <summary>Answers with the frames, then runs the callback.</summary>
    public static Task<FaultyUpstream> StartAsync(string frames, Func<HttpContext, Task>? then = null) => StartAsync(async (context, _) =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(frames);
        await context.Response.Body.FlushAsync();
        if (then is not null)
            await then(context);
    });

    public static async Task<FaultyUpstream> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var upstream = new FaultyUpstream(answer);
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
