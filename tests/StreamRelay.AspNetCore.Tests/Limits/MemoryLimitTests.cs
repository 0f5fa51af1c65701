using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Limits;

public sealed class MemoryLimitTests
{
    [Fact]
    public async Task Metadata_that_is_too_large_is_refused_with_the_name_of_the_setting()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:MetadataBytes", "100"));

        using var small = await StartAsync(host, "hello", new string('m', 50));
        using var large = await StartAsync(host, "hello", new string('m', 100));

        Assert.Equal(HttpStatusCode.Created, small.StatusCode);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "metadata_too_large"), (large.StatusCode, await large.CodeAsync()));
        Assert.Contains("StreamRelay:Limits:MetadataBytes", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_AG_UI_client_forwards_is_metadata_of_an_agent_with_options_only()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:MetadataBytes", "100"));
        var run = new
        {
            threadId = "t",
            runId = "r",
            state = new { },
            messages = new[] { new { id = "1", role = "user", content = "hi" } },
            tools = Array.Empty<object>(),
            context = Array.Empty<object>(),
            forwardedProps = new { note = new string('x', 1000) },
        };

        using var started = await host.Client.PostAsJsonAsync("/ag-ui/echo", run);
        Assert.Contains("RUN_FINISHED", await started.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var task = (await host.Client.GetFromJsonAsync<JsonElement>("/v1/tasks")).GetProperty("data")[0];
        Assert.True(!task.TryGetProperty("metadata", out var metadata) || metadata.ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task What_a_response_would_repeat_of_its_request_is_refused_when_it_is_too_large_and_so_is_an_id()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:EchoBytes", "1000"));

        using var small = await host.Client.PostAsJsonAsync("/v1/responses", new { model = "echo", input = "hello", instructions = "short" });
        using var large = await host.Client.PostAsJsonAsync("/v1/responses", new { model = "echo", input = "hello", instructions = new string('x', 1000) });
        using var id = await host.Client.PostAsJsonAsync("/v1/tasks", new { agent = "echo", input = "hello", tool_call_id = new string('x', 1025) });

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "echo_too_large"), (large.StatusCode, await large.CodeAsync()));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (id.StatusCode, await id.CodeAsync()));
    }

    [Fact]
    public async Task A_start_that_does_not_fit_in_the_memory_is_refused_for_now_with_the_name_of_the_setting()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Streams:MemoryBytes", "100000"));

        using var large = await StartAsync(host, new string('x', 200_000));
        using var small = await StartAsync(host, "hello");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "memory_budget"), (large.StatusCode, await large.CodeAsync()));
        Assert.NotNull(large.Headers.RetryAfter);
        Assert.Contains("StreamRelay:Streams:MemoryBytes", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, small.StatusCode);
    }

    [Fact]
    public async Task A_list_is_cut_by_bytes_and_goes_on_where_it_was_cut()
    {
        await using var host = await HostApp.StartAsync();
        List<string> started = [];
        for (var index = 0; index < 40; index++)
        {
            using var answer = await StartAsync(host, "hello", new string('m', 60_000));
            started.Insert(0, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
        }

        List<string> listed = [];
        for (var next = ""; next is not null;)
        {
            using var page = await host.GetAsync($"/v1/tasks?limit=1000{next}");
            var body = await page.Content.ReadAsByteArrayAsync();
            Assert.InRange(body.Length, 1, (1 << 20) + (64 << 10));
            var json = JsonElement.Parse(body);
            listed.AddRange(json.GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString()!));
            next = json.GetProperty("has_more").GetBoolean() ? $"&before={json.GetProperty("next").GetString()}" : null;
        }

        Assert.Equal(started, listed);
    }

    [Fact]
    public async Task A_snapshot_has_about_a_mebibyte_of_text_and_the_stream_after_it_has_the_rest()
    {
        await using var host = await HostApp.StartAsync();
        using var answer = await StartAsync(host, new string('x', 3_000_000));
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var ended = await host.GetAsync($"/v1/tasks/{id}?wait=30");

        var stream = await (await host.GetAsync($"/v1/tasks/{id}/events?snapshot=1")).Content.ReadAsStringAsync();

        var frames = stream.Split("\n\n").SelectMany(frame => frame.Split('\n')).Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line.AsSpan(6))).ToArray();
        var snapshot = frames[0].GetProperty("output").GetString()!;
        Assert.InRange(snapshot.Length, 1, 2 << 20);
        var rest = frames.Where(frame => frame.TryGetProperty("event_type", out var kind) && kind.GetString() == "output").Sum(frame => frame.GetProperty("content").GetString()!.Length);
        Assert.Equal(3_000_000, snapshot.Length + rest);
    }

    private static Task<HttpResponseMessage> StartAsync(HostApp host, string input, string? metadata = null) =>
        host.Client.PostAsJsonAsync("/v1/tasks", new { agent = "echo", input, metadata = metadata is null ? null : new { text = metadata } });
}
