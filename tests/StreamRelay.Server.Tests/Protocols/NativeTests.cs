using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Protocols;

public sealed class NativeTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly RelayApp _app = fixture.App;

    [Fact]
    public async Task A_started_task_is_answered_with_201_and_can_be_read_at_once()
    {
        using var answer = await _app.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 3 0", session_id = "s1", metadata = new { language = "German 😀" } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var task = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var id = task.GetProperty("id").GetString()!;
        Assert.Equal($"/v1/tasks/{id}", answer.Headers.Location?.ToString());
        Assert.Equal(id, answer.Headers.GetValues("X-Task-Id").Single());
        Assert.StartsWith("req_", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("s1", task.GetProperty("session_id").GetString());
        Assert.Equal("German 😀", task.GetProperty("metadata").GetProperty("language").GetString());

        var frames = SseText.Frames(await _app.ReadAsync(id));
        var types = frames.Select(frame => JsonDocument.Parse(SseText.Data(frame)).RootElement).Select(json =>
            json.TryGetProperty("event_type", out var type) ? type.GetString() : json.GetProperty("type").GetString());
        Assert.Equal(["start", "output", "output", "output", "usage", "end", "connection_end"], types);
        Assert.Equal(["1", "2", "3", "4", "5", "6.1", "6"], frames.Select(SseText.Id));

        task = await _app.TaskAsync(id);
        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal(6, task.GetProperty("last_sequence").GetInt64());
        Assert.Equal(3, task.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
    }

    [Fact]
    public async Task A_task_shows_its_title_everywhere_and_its_input_where_it_is_asked_for_alone()
    {
        using var started = await _app.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 1 0", session_id = "titled" });
        var created = await started.Content.ReadFromJsonAsync<JsonElement>();

        var task = await _app.TaskAsync(created.GetProperty("id").GetString()!);
        var listed = Assert.Single((await _app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?session_id=titled")).GetProperty("data").EnumerateArray());

        Assert.All([created, task, listed], view => Assert.Equal("count 1 0", view.GetProperty("title").GetString()));
        Assert.Equal("count 1 0", task.GetProperty("input").GetString());
        Assert.All([created, listed], view => Assert.False(view.TryGetProperty("input", out _)));
    }

    [Fact]
    public async Task A_stream_has_the_headers_that_keep_proxies_from_holding_it()
    {
        var id = await _app.StartAsync("count 1 0");
        using var answer = await _app.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store, no-transform", string.Join(", ", answer.Headers.NonValidated["Cache-Control"]));
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Null(answer.Content.Headers.ContentLength);
        Assert.StartsWith("retry: 1000\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?named=1")]
    [InlineData("?protocol=openai-chat")]
    [InlineData("?protocol=anthropic-messages")]
    public async Task A_stream_that_is_disconnected_after_any_frame_continues_after_it(string query)
    {
        var id = await _app.StartAsync("count 50 0");
        await _app.TaskAsync(id);
        var frames = SseText.Frames(await _app.ReadAsync(id, query));
        for (var cut = 0; cut < frames.Count - 1; cut++)
            Assert.Equal(frames.Skip(cut + 1), SseText.Frames(await _app.ReadAsync(id, query, SseText.Id(frames[cut]))));
    }

    [Fact]
    public async Task Everything_seen_is_204_and_the_header_wins_over_the_query()
    {
        var id = await _app.StartAsync("count 2 0");
        await _app.TaskAsync(id);
        using var seen = await _app.Client.GetAsync($"/v1/tasks/{id}/events?after=5");
        Assert.Equal(HttpStatusCode.NoContent, seen.StatusCode);
        Assert.Equal(["5"], SseText.Frames(await _app.ReadAsync(id, "?after=5", "5.1")).Select(SseText.Id));
    }

    [Theory]
    [InlineData("-1", 400)]
    [InlineData("x", 400)]
    [InlineData("1.", 400)]
    [InlineData("1.0", 400)]
    [InlineData("0.1", 400)]
    [InlineData("99999999999999999999", 400)]
    [InlineData("6", 410)]
    [InlineData("999999999", 410)]
    public async Task An_impossible_position_is_an_error_and_never_skipped(string position, int status)
    {
        var id = await _app.StartAsync("count 2 0");
        await _app.TaskAsync(id);
        using var answer = await _app.Client.GetAsync($"/v1/tasks/{id}/events?after={position}");
        Assert.Equal(status, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("after", error.GetProperty("param").GetString());
        if (status == 410)
            Assert.Equal(5, error.GetProperty("last_sequence").GetInt64());
    }

    [Theory]
    [InlineData("lastEventId=5.1")]
    [InlineData("Last-Event-ID=5.1")]
    [InlineData("last_event_id=5.1")]
    [InlineData("evs_last_event_id=5.1")]
    [InlineData("after=2&lastEventId=5.1")]
    [InlineData("since=5", "since")]
    [InlineData("offset=5", "offset")]
    [InlineData("starting_after=5", "starting_after")]
    [InlineData("lastEventId=x", "lastEventId")]
    public async Task A_position_under_the_name_that_clients_without_headers_use_is_understood_and_any_other_is_refused(string query, string? refused = null)
    {
        var id = await _app.StartAsync("count 2 0");
        await _app.TaskAsync(id);
        using var answer = await _app.Client.GetAsync($"/v1/tasks/{id}/events?{query}");
        var body = await answer.Content.ReadAsStringAsync();
        if (refused is null)
            Assert.Equal(["5"], SseText.Frames(body).Select(SseText.Id));
        else
            Assert.Equal((400, refused), ((int)answer.StatusCode, JsonElement.Parse(body).GetProperty("error").GetProperty("param").GetString()));
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json;q=0.9", "application/json")]
    [InlineData("application/json, text/plain, */*", "text/event-stream")]
    [InlineData("application/json, text/event-stream", "text/event-stream")]
    [InlineData("*/*", "text/event-stream")]
    public async Task A_client_that_takes_every_type_gets_the_stream(string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{await _app.StartAsync("count 1 0")}/events");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _app.Client.SendAsync(request);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Events_come_as_json_pages_too()
    {
        var id = await _app.StartAsync("count 10 0");
        await _app.TaskAsync(id);
        List<long> sequences = [];
        for (var (after, more) = (0L, true); more;)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{id}/events?after={after}&limit=4");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await _app.Client.SendAsync(request);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            sequences.AddRange(page.GetProperty("data").EnumerateArray().Select(json => json.GetProperty("sequence").GetInt64()));
            (after, more) = (page.GetProperty("next").GetInt64(), page.GetProperty("has_more").GetBoolean());
        }

        Assert.Equal(Enumerable.Range(1, 13).Select(number => (long)number), sequences);
    }

    [Fact]
    public async Task Stop_ends_the_task_for_every_reader_and_keeps_the_output()
    {
        var id = await _app.StartAsync("count 1000000 1");
        using var stream = await _app.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && !line.Contains("\"t5 \""))
        {
        }

        using var stopped = await _app.Client.PostAsync($"/v1/tasks/{id}/stop", null);
        Assert.Equal("stopped", (await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        var rest = await reader.ReadToEndAsync();
        Assert.Contains("\"status\":\"stopped\"", rest);
        Assert.StartsWith("{\"type\":\"connection_end\"", SseText.Data(SseText.Frames(rest)[^1]));
        using var again = await _app.Client.PostAsync($"/v1/tasks/{id}/stop", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_wait_returns_at_the_end_or_when_its_time_is_over()
    {
        var id = await _app.StartAsync("count 1 60000");
        var running = await _app.TaskAsync(id, "?wait=1");
        Assert.Equal("running", running.GetProperty("status").GetString());
        var waiting = _app.TaskAsync(id);
        await _app.Client.PostAsync($"/v1/tasks/{id}/stop", null);
        Assert.Equal("stopped", (await waiting).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_deleted_task_is_gone_for_good()
    {
        var id = await _app.StartAsync("count 1000000 1");
        using var deleted = await _app.Client.DeleteAsync($"/v1/tasks/{id}");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        foreach (var path in (string[])["", "/events", "/events?protocol=openai-chat"])
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync($"/v1/tasks/{id}{path}")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.DeleteAsync($"/v1/tasks/{id}")).StatusCode);
    }

    [Fact]
    public async Task Lists_are_paged_and_filtered()
    {
        using var app = new RelayApp();
        var ids = new List<string>();
        for (var index = 0; index < 5; index++)
        {
            ids.Insert(0, await app.StartAsync(index == 2 ? "fail 1 0" : "count 1 0"));
            await app.TaskAsync(ids[0]);
        }

        var first = await app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?limit=3");
        Assert.True(first.GetProperty("has_more").GetBoolean());
        var second = await app.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks?limit=3&before={first.GetProperty("next").GetString()}");
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal(ids, Ids(first).Concat(Ids(second)));
        Assert.Equal([ids[2]], Ids(await app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?state=failed")));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync("/v1/tasks?state=odd")).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync("/v1/tasks?state=running,failed")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.DeleteAsync("/v1/tasks?older_than=soon")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.DeleteAsync("/v1/tasks?older_than=2147483647d")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.DeleteAsync("/v1/tasks?older_than=3650000d")).StatusCode);
        using var none = await app.Client.DeleteAsync("/v1/tasks?older_than=1h");
        Assert.Equal(0, (await none.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("deleted").GetInt32());
        using var all = await app.Client.DeleteAsync("/v1/tasks?older_than=0s");
        Assert.Equal(5, (await all.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("deleted").GetInt32());
    }

    [Fact]
    public async Task A_known_key_is_the_same_task_and_another_body_with_it_is_refused()
    {
        async Task<HttpResponseMessage> StartAsync(string input)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks") { Content = JsonContent.Create(new { agent = "probe", input }) };
            request.Headers.Add("Idempotency-Key", "key-1");
            return await _app.Client.SendAsync(request);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartAsync("count 1 0")));
        Assert.Single(answers.Select(answer => answer.Headers.GetValues("X-Task-Id").Single()).Distinct());
        Assert.Equal(422, (int)(await StartAsync("count 2 0")).StatusCode);
    }

    [Fact]
    public async Task A_restart_changes_no_byte_and_interrupts_running_tasks()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        string done, running, before;
        using (var app = new RelayApp(folder: folder))
        {
            done = await app.StartAsync("count 20 0");
            await app.TaskAsync(done);
            before = await app.ReadAsync(done) + await app.ReadAsync(done, "?protocol=openai-chat");
            running = await app.StartAsync("count 1 60000");
            await Wait.UntilAsync(() => app.TaskAsync(running, ""), task => task.GetProperty("status").GetString() == "running", Relay.Deadline, "it runs");
        }

        using (var app = new RelayApp(folder: folder))
        {
            Assert.Equal(before, await app.ReadAsync(done) + await app.ReadAsync(done, "?protocol=openai-chat"));
            var task = await app.TaskAsync(running);
            Assert.Equal("interrupted", task.GetProperty("error").GetProperty("code").GetString());
        }

        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString()!);
}
