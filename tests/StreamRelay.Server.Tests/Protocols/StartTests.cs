using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Protocols;

/// <summary>Starts in a conversation and repeated starts, on every route that starts a task.</summary>
public sealed class StartTests
{
    private const string Endless = "count 100000 100";

    public static TheoryData<string, string> Routes => new()
    {
        { "/v1/tasks", """{"agent":"probe","input":"count 2 0"}""" },
        { "/v1/chat/completions", """{"model":"probe","stream":true,"messages":[{"role":"user","content":"count 2 0"}]}""" },
        { "/v1/chat/completions", """{"model":"probe","messages":[{"role":"user","content":"count 2 0"}]}""" },
        { "/v1/responses", """{"model":"probe","input":"count 2 0"}""" },
        { "/v1/messages", """{"model":"probe","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"count 2 0"}]}""" },
        { "/v1/messages", """{"model":"probe","max_tokens":9,"messages":[{"role":"user","content":"count 2 0"}]}""" },
        { "/api/chat", """{"id":"c","agent":"probe","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"count 2 0"}]}]}""" },
        { "/ag-ui/probe", """{"threadId":"t","runId":"r","messages":[{"id":"u","role":"user","content":"count 2 0"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task One_key_starts_one_run_however_many_ask_at_once_and_after_a_restart(string route, string body)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        string task;
        using (var app = new RelayApp(folder: folder))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(app, route, body, "k")));
            task = Assert.Single(answers.Select(answer => answer.Task).Distinct())!;
            Assert.Single(answers.Select(answer => WithoutSnapshot(answer.Text)).Distinct());
            Assert.Equal(422, (await SendAsync(app, route, body.Replace("count 2", "count 3"), "k")).Status);
            Assert.NotEqual(task, (await SendAsync(app, route, body, "other")).Task);
        }

        using (var app = new RelayApp(folder: folder))
            Assert.Equal(task, (await SendAsync(app, route, body, "k")).Task);

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Invalid_Unicode_anywhere_in_a_request_is_refused(string route, string body)
    {
        using var app = new RelayApp();
        foreach (var broken in (string[])[""" "\ud800":1 """, """ "metadata":{"a":["\udfff"]} """, """ "metadata":{"\ud800":1} """, """ "z":"\ud83d" """])
        {
            using var answer = await app.PostAsync(route, $"{body[..^1]},{broken}}}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using var bytes = new ByteArrayContent([.. Encoding.UTF8.GetBytes(body[..^1] + ",\"z\":\""), 0xff, .. "\"}"u8]);
        using var wrong = await app.Client.PostAsync(route, bytes);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var pair = await app.PostAsync(route, body[..^1] + ""","metadata":{"z\ud83d\ude00":"\ud83d\ude00"}}""");
        Assert.True(pair.IsSuccessStatusCode);
        var tasks = await app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks");
        Assert.Single(tasks.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_key_or_a_run_of_one_agent_does_not_match_a_request_for_another()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Agents:other:Type"] = "probe" });
        const string Run = """{"threadId":"t","runId":"r","messages":[{"id":"u","role":"user","content":"count 2 0"}]}""";
        Assert.Equal(200, (await SendAsync(app, "/ag-ui/probe", Run, "")).Status);
        Assert.Equal(422, (await SendAsync(app, "/ag-ui/other", Run, "")).Status);
        const string Chat = """{"id":"c","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"count 2 0"}]}]}""";
        Assert.Equal(200, (await SendAsync(app, "/api/chat?agent=probe", Chat, "k")).Status);
        Assert.Equal(422, (await SendAsync(app, "/api/chat?agent=other", Chat, "k")).Status);
        var broken = Run.Replace("\"t\"", """ "a\nb" """).Replace("\"r\"", """ "c" """);
        Assert.Equal(200, (await SendAsync(app, "/ag-ui/probe", broken, "")).Status);
        Assert.Equal(200, (await SendAsync(app, "/ag-ui/probe", Run.Replace("\"t\"", """ "a" """).Replace("\"r\"", """ "b\nc" """), "")).Status);
    }

    [Fact]
    public async Task A_chat_is_found_by_any_id_that_a_client_can_choose()
    {
        using var app = new RelayApp();
        const string Id = "a%41/ü #?";
        using var first = await app.PostAsync("/api/chat", $$"""{"id":"{{Id}}","agent":"probe","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"{{Endless}}"}]}]}""");
        using var again = await app.Client.GetAsync($"/api/chat/{Uri.EscapeDataString(Id)}/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await app.Client.DeleteAsync($"/api/chat/{Uri.EscapeDataString(Id)}");
        Assert.Contains("\"type\":\"abort\"", await first.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/v1/tasks", """{"agent":"probe","input":"count 2 0","session_id":"ID"}""")]
    [InlineData("/v1/tasks", """{"agent":"probe","input":"count 2 0","session_id":"s","tool_call_id":"t","operation_id":"ID"}""")]
    [InlineData("/api/chat", """{"id":"ID","agent":"probe","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"count 2 0"}]}]}""")]
    [InlineData("/ag-ui/probe", """{"threadId":"ID","runId":"r","messages":[{"id":"u","role":"user","content":"count 2 0"}]}""")]
    public async Task The_id_of_a_conversation_or_an_operation_has_a_maximum_length(string route, string body)
    {
        using var app = new RelayApp();
        Assert.Equal(400, (await SendAsync(app, route, body.Replace("ID", new('x', 1025)), "")).Status);
        Assert.InRange((await SendAsync(app, route, body.Replace("ID", new('x', 1024)), "")).Status, 200, 201);
    }

    [Fact]
    public async Task A_second_message_of_a_chat_stops_the_first_and_keeps_its_output()
    {
        using var app = new RelayApp();
        using var first = await ChatAsync(app, "u1", Endless);
        using var second = await ChatAsync(app, "u2", "count 1 0");
        Assert.Contains("\"type\":\"finish\"", await second.Content.ReadAsStringAsync());
        Assert.Contains("\"type\":\"abort\"", await first.Content.ReadAsStringAsync());
        Assert.Equal("stopped", (await app.TaskAsync(Id(first))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_repeated_last_message_joins_the_run_and_a_regeneration_starts_another()
    {
        using var app = new RelayApp();
        using var first = await ChatAsync(app, "u1", Endless);
        using var again = await ChatAsync(app, "u1", Endless);
        Assert.Equal(Id(first), Id(again));
        using var anew = await ChatAsync(app, "u1", Endless, """,{"trigger":"regenerate-message"}""");
        Assert.NotEqual(Id(first), Id(anew));
        Assert.Contains("\"type\":\"abort\"", await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task With_DoubleText_Reject_the_second_message_is_a_423_in_plain_text_until_the_first_has_ended()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Agents:probe:DoubleText"] = "Reject" });
        using var first = await ChatAsync(app, "u1", Endless);
        using var refused = await ChatAsync(app, "u2", "count 1 0");
        Assert.Equal(HttpStatusCode.Locked, refused.StatusCode);
        Assert.StartsWith($"Task {Id(first)} of this conversation has not ended", await refused.Content.ReadAsStringAsync());
        using var native = await app.PostAsync("/v1/tasks", """{"agent":"probe","input":"count 1 0","session_id":"c"}""");
        Assert.Equal(HttpStatusCode.Locked, native.StatusCode);
        using var elsewhere = await app.PostAsync("/v1/tasks", """{"agent":"probe","input":"count 1 0","session_id":"d"}""");
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.DeleteAsync("/api/chat/c")).StatusCode);
        using var later = await ChatAsync(app, "u2", "count 1 0");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task With_DoubleText_Enqueue_the_second_message_waits_for_the_end_of_the_first()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Agents:probe:DoubleText"] = "Enqueue" });
        using var first = await ChatAsync(app, "u1", Endless);
        using var second = await ChatAsync(app, "u2", "count 3 0");
        Assert.Equal("queued", (await app.TaskAsync(Id(second), "")).GetProperty("status").GetString());
        using var stopped = await app.PostAsync($"/v1/tasks/{Id(first)}/stop", "");
        Assert.Contains("t3 ", await second.Content.ReadAsStringAsync());
        var (one, two) = (await app.TaskAsync(Id(first)), await app.TaskAsync(Id(second)));
        Assert.True(two.GetProperty("started_at").GetDateTimeOffset() >= one.GetProperty("ended_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_repeated_run_request_is_read_from_its_beginning()
    {
        using var app = new RelayApp();
        var (_, _, body) = Routes.Select(row => (row[0], row, (string)row[1])).Last();
        var first = await SendAsync(app, "/ag-ui/probe", body);
        var again = await SendAsync(app, "/ag-ui/probe", body.Replace("count 2 0", "count 2 0 and what I have so far"));
        Assert.DoesNotContain("MESSAGES_SNAPSHOT", first.Text, StringComparison.Ordinal);
        Assert.Contains("MESSAGES_SNAPSHOT", again.Text, StringComparison.Ordinal);
        Assert.Equal(first, (again.Status, again.Task, WithoutSnapshot(again.Text)));
        Assert.NotEqual(first.Task, (await SendAsync(app, "/ag-ui/probe", body.Replace("\"r\"", "\"r2\""))).Task);
    }

    [Fact]
    public async Task A_chat_is_resumed_from_its_first_chunk_while_it_runs_and_a_while_after_its_end_then_there_is_nothing()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:ResumeGrace"] = "00:00:02" });
        using var sent = await ChatAsync(app, "u1", "count 5 10");
        var whole = await sent.Content.ReadAsStringAsync();
        Assert.Equal(whole, await app.Client.GetStringAsync("/api/chat/c/stream"));
        Assert.Equal("v1", sent.Headers.GetValues("x-vercel-ai-ui-message-stream").Single());
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.GetAsync("/api/chat/unknown/stream")).StatusCode);
        using var deadline = new CancellationTokenSource(Relay.Deadline);
        while ((await app.Client.GetAsync("/api/chat/c/stream", deadline.Token)).StatusCode != HttpStatusCode.NoContent)
            await Task.Yield();
    }

    [Fact]
    public async Task Errors_of_a_chat_request_are_plain_text()
    {
        using var app = new RelayApp();
        foreach (var (body, status, text) in ((string, int, string)[])[
            ("{", 400, "The body is not valid JSON"), ("{}", 400, "'id' is required"), ("""{"id":"c","messages":7}""", 400, "'messages' must be a list"),
            ("""{"id":"c","messages":[]}""", 400, "'messages' holds no user message"), ("""{"id":"c","messages":[{"role":"user"}]}""", 400, "'messages[0].parts'"),
            ("""{"id":"c","agent":"nobody","messages":[{"role":"user","parts":[{"type":"text","text":"x"}]}]}""", 404, "There is no agent 'nobody'. Agents: probe, write_tutorial.")])
        {
            using var answer = await app.PostAsync("/api/chat", body);
            Assert.Equal((status, "text/plain"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.StartsWith(text, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Errors_of_a_run_request_name_the_field()
    {
        using var app = new RelayApp();
        foreach (var (route, body, status, param) in ((string, string, int, string)[])[
            ("/ag-ui", "{}", 400, "threadId"), ("/ag-ui", """{"threadId":"t"}""", 400, "runId"), ("/ag-ui", """{"threadId":"t","runId":"r"}""", 400, "messages"),
            ("/ag-ui", """{"threadId":"t","runId":"r","messages":[7]}""", 400, "messages[0]"),
            ("/ag-ui/nobody", """{"threadId":"t","runId":"r","messages":[{"role":"user","content":"x"}]}""", 404, "agent"),
            ("/ag-ui", """{"threadId":"t","runId":"r","messages":[{"role":"user","content":"x"}],"forwardedProps":{"agent":"nobody"}}""", 404, "forwardedProps.agent")])
        {
            using var answer = await app.PostAsync(route, body);
            Assert.Equal((status, param), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString()));
        }
    }

    private static string Id(HttpResponseMessage answer) => answer.Headers.GetValues("X-Task-Id").Single();

    private static Task<HttpResponseMessage> ChatAsync(RelayApp app, string message, string text, string more = "")
    {
        var extra = more.Length > 0 ? more.Trim(',', '{', '}') + "," : "";
        return app.PostAsync("/api/chat", $$"""{{{extra}}"id":"c","agent":"probe","messages":[{"id":"{{message}}","role":"user","parts":[{"type":"text","text":"{{text}}"}]}]}""");
    }

    /// <summary>The frames of an AG-UI run as its first reader got them: the others get its messages after the first frame.</summary>
    private static string WithoutSnapshot(string text) =>
        Regex.Replace(text, "id: 1\\.1(\n.*\n\n)id: 1\n.*MESSAGES_SNAPSHOT.*\n\n", "id: 1$1");

    private static async Task<(int Status, string? Task, string Text)> SendAsync(RelayApp app, string route, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = RelayApp.Json(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);

        using var answer = await app.Client.SendAsync(request);
        var task = answer.Headers.TryGetValues("X-Task-Id", out var ids) ? ids.Single() : null;
        return ((int)answer.StatusCode, task, route == "/v1/tasks" ? "" : await answer.Content.ReadAsStringAsync());
    }
}
