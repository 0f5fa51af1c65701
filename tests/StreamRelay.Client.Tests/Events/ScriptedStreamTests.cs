using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.Client.Errors;

namespace StreamRelay.Client.Events;

/// <summary>Servers that answer in ways that the real one has only now and then.</summary>
public sealed class ScriptedStreamTests
{
    private const string First = "id: 1\ndata: {\"task_id\":\"t\",\"sequence\":1,\"event_type\":\"start\"}\n\n";
    private const string End = "id: 2.1\ndata: {\"task_id\":\"t\",\"sequence\":2,\"event_type\":\"end\",\"status\":\"completed\"}\n\nid: 2\ndata: {\"type\":\"connection_end\"}\n\n";

    [Fact]
    public async Task A_connection_without_heartbeats_is_replaced()
    {
        await using var server = await StartAsync(async (context, call) =>
        {
            await WriteAsync(context, call == 1 ? First : End);
            if (call == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var client = Connect(server, new() { TimeProvider = new FastTime(), SilenceTimeout = TimeSpan.FromSeconds(30), ProgressTimeout = TimeSpan.FromHours(1) });

        var events = await client.ReadAsync("t").ToListAsync();

        Assert.Equal([1L, 2L], events.Select(next => next.Sequence));
    }

    [Fact]
    public async Task A_request_without_an_answer_is_sent_again()
    {
        await using var server = await StartAsync(async (context, call) =>
        {
            if (call == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await WriteAsync(context, First + End);
        });
        using var client = Connect(server, new() { TimeProvider = new FastTime(), SilenceTimeout = TimeSpan.FromSeconds(30), ProgressTimeout = TimeSpan.FromHours(1) });

        Assert.Equal(2, await client.ReadAsync("t").CountAsync());
    }

    [Fact]
    public async Task A_frame_that_is_no_event_is_refused()
    {
        foreach (var data in (string[])["7", "{}", "{\"sequence\":\"1\"}", "{"])
        {
            await using var server = await StartAsync((context, _) => WriteAsync(context, $"data: {data}\n\n"));
            using var client = Connect(server);
            await Assert.ThrowsAsync<RelayException>(async () => await client.ReadAsync("t").ToListAsync());
        }
    }

    [Fact]
    public async Task An_event_that_is_missing_is_a_gap_and_never_skipped()
    {
        await using var server = await StartAsync((context, _) => WriteAsync(context, First + End.Replace("\"sequence\":2", "\"sequence\":3", StringComparison.Ordinal)));
        using var client = Connect(server);

        var gap = await Assert.ThrowsAsync<RelayGapException>(async () => await client.ReadAsync("t").ToListAsync());

        Assert.Equal(1, gap.LastSequence);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_an_empty_stream()
    {
        await using var server = await StartAsync((context, _) => context.Response.WriteAsync("<html>"));
        using var client = Connect(server);

        await Assert.ThrowsAsync<RelayException>(async () => await client.ReadAsync("t").ToListAsync());
    }

    [Fact]
    public async Task A_server_is_asked_again_when_it_says_and_not_before()
    {
        var time = new FastTime();
        await using var server = await StartAsync(async (context, call) =>
        {
            if (call == 1)
                (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (StatusCodes.Status429TooManyRequests, "40");
            else
                await WriteAsync(context, call == 2 ? $"retry: 20000\n\n{First}" : End);
        });
        using var client = Connect(server, new() { TimeProvider = time, SilenceTimeout = TimeSpan.FromHours(1) });

        await client.ReadAsync("t").ToListAsync();

        var waits = time.Waits.Where(wait => wait < TimeSpan.FromHours(1)).ToList();
        Assert.Equal(2, waits.Count);
        Assert.InRange(waits[0], TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(50));
        Assert.InRange(waits[1], TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_server_that_asks_for_more_time_than_there_is_is_not_waited_for()
    {
        var time = new FastTime();
        await using var server = await StartAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (StatusCodes.Status503ServiceUnavailable, "7200");
            return Task.CompletedTask;
        });
        using var client = Connect(server, new() { TimeProvider = time });

        var refusal = await Assert.ThrowsAsync<RelayException>(async () => await client.ReadAsync("t").ToListAsync());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromHours(2)), (refusal.StatusCode, refusal.RetryAfter));
        Assert.DoesNotContain(TimeSpan.FromHours(2), time.Waits);
    }

    private static StreamRelayClient Connect(WebApplication server, StreamRelayClientOptions? options = null) => new(new Uri(server.Urls.First()), options: options ?? FastTime.Options);

    private static async Task<WebApplication> StartAsync(Func<HttpContext, int, Task> answer)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var calls = 0;
        app.MapGet("/v1/tasks/t/events", context => answer(context, Interlocked.Increment(ref calls)));
        await app.StartAsync();
        return app;
    }

    private static async Task WriteAsync(HttpContext context, string frames)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(frames);
        await context.Response.Body.FlushAsync();
    }
}
