using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Push;

/// <summary>Agents that run elsewhere and push their events.</summary>
public sealed class PushTests
{
    [Fact]
    public async Task Pushed_events_are_read_and_a_pushed_end_ends_the_task()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        Assert.Equal((200, 1), await PushAsync(app, id, """{"event_type":"output","content":"hel"}"""));
        Assert.Equal((200, 3), await PushAsync(app, id, """[{"event_type":"output","content":"lo","agent_name":"helper"},{"event_type":"action","tool_call_id":"c","tool_name":"t"},{"event_type":"usage","prompt_tokens":1,"completion_tokens":2}]"""));
        Assert.Equal((200, 1), await PushAsync(app, id, """{"event_type":"end","finish_reason":"length"}"""));
        var events = Events(await app.ReadAsync(id));
        Assert.Equal(["start", "output", "output", "action", "usage", "end"], events.Select(Type));
        Assert.Equal("helper", events[2].GetProperty("agent_name").GetString());
        Assert.Equal(("completed", "length"), (events[^1].GetProperty("status").GetString(), events[^1].GetProperty("finish_reason").GetString()));
        Assert.Equal(409, (await PushAsync(app, id, """{"event_type":"output","content":"late"}""")).Status);
    }

    [Fact]
    public async Task A_pushed_error_fails_the_task_with_its_code_and_message()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        await PushAsync(app, id, """{"event_type":"error","content":"No luck.","code":"unlucky"}""");
        var error = (await app.TaskAsync(id)).GetProperty("error");
        Assert.Equal(("unlucky", "No luck."), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("7", "event")]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("""{"event_type":"start"}""", "event")]
    [InlineData("""{"event_type":"output","content":7}""", "event")]
    [InlineData("""{"event_type":"output","content":"\ud800"}""", "event")]
    [InlineData("""{"event_type":"data","name":"n","data":{"a":[{"\udfff":1}]}}""", "event")]
    [InlineData("""[{"event_type":"output","content":"x"},{"event_type":"step_start"}]""", "[1]")]
    [InlineData("""[{"event_type":"end"},{"event_type":"output","content":"x"}]""", "[0]")]
    [InlineData("""{"event_type":"usage","prompt_tokens":-1,"completion_tokens":0}""", "event")]
    [InlineData("""{"event_type":"action_start","tool_call_id":"c","tool_name":"t","executor":"me"}""", "event")]
    [InlineData("""{"event_type":"file","name":"a","url":"javascript:x","media_type":"b"}""", "event")]
    public async Task An_invalid_event_is_refused_and_no_part_of_it_is_appended(string body, string? param)
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        using var answer = await app.PostAsync($"/v1/tasks/{id}/events", body);
        Assert.Equal((400, param), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString()));
        Assert.Equal(1, (await app.TaskAsync(id, "")).GetProperty("last_sequence").GetInt32());
    }

    [Fact]
    public async Task A_file_name_that_the_log_refuses_is_reported_and_the_task_continues()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        var name = new string('n', 70_000);
        Assert.Equal(400, (await PushAsync(app, id, $$"""{"event_type":"output","content":"x","agent_name":"{{name}}"}""")).Status);
        Assert.Equal((200, 1), await PushAsync(app, id, """{"event_type":"output","content":"x"}"""));
        Assert.Equal((200, 1), await PushAsync(app, id, """{"event_type":"end"}"""));
    }

    [Theory]
    [InlineData(""" "producer_id":5 """)]
    [InlineData(""" "producer_id":"p" """)]
    [InlineData(""" "producer_id":"p","producer_epoch":7,"producer_seq":9 """)]
    public async Task An_event_cannot_say_that_it_comes_from_a_producer(string fields)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        string id;
        using (var app = App(folder))
        {
            id = await app.StartAsync("topic", "remote");
            Assert.Equal((200, 1), await PushAsync(app, id, $$"""{"event_type":"output","content":"0",{{fields}},"other":1}"""));
        }

        using (var app = App(folder))
        {
            Assert.Equal((200, 1), await PushAsync(app, id, "1", (0, 0)));
            Assert.Equal((200, 1), await PushJsonAsync(app, id, """{"event_type":"end"}""", (0, 1)));
            Assert.Equal((200, 0), await PushJsonAsync(app, id, """{"event_type":"end"}""", (0, 1)));
            Assert.Equal("01", Output(Events(await app.ReadAsync(id))));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_push_while_the_task_ends_is_answered_at_once()
    {
        using var app = App();
        for (var round = 0; round < 10; round++)
        {
            var id = await app.StartAsync("topic", "remote");
            var pushes = Enumerable.Range(0, 30).Select(number => PushAsync(app, id, number % 5 == 4 ? """{"event_type":"end"}""" : Output("x"))).ToArray();
            Assert.All((await Task.WhenAll(pushes)).Select(push => push.Status), status => Assert.True(status is 200 or 409, $"{status}"));
        }
    }

    [Fact]
    public async Task Waiting_and_pushing_requests_do_not_delay_the_shutdown()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        var waits = app.Client.GetAsync($"/v1/tasks/{id}?wait=60");
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", app.Address.Port);
        var line = Output("x") + "\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/tasks/{id}/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nProducer-Id: p\r\nProducer-Epoch: 0\r\nProducer-Seq: 0\r\n\r\n{line.Length:x}\r\n{line}\r\n"));
        using var reading = new StreamReader(await app.Client.GetStreamAsync($"/v1/tasks/{id}/events"));
        await SeeAsync(reading, "\"x\"");

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var waited = await waits.WaitAsync(Relay.Deadline);
        using var answer = new StreamReader(client.GetStream());

        Assert.Equal("running", (await waited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        await SeeAsync(answer, "HTTP/1.1 503");
        await SeeAsync(answer, "Producer-Seq: 0");
    }

    [Fact]
    public async Task Only_tasks_of_a_push_agent_take_events()
    {
        using var app = App();
        Assert.Equal(400, (await PushAsync(app, await app.StartAsync("count 100000 10"), """{"event_type":"output","content":"x"}""")).Status);
        Assert.Equal(404, (await PushAsync(app, "00000000000000000000000000000000", """{"event_type":"output","content":"x"}""")).Status);
    }

    [Fact]
    public async Task A_producer_is_answered_with_duplicates_gaps_and_stale_epochs()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        Assert.Equal((409, 0), await PushAsync(app, id, "x", (0, 1)));
        Assert.Equal((200, 1), await PushAsync(app, id, "0", (0, 0)));
        Assert.Equal((200, 0), await PushAsync(app, id, "0", (0, 0)));
        using (var gap = await SendAsync(app, id, Output("2"), (0, 2)))
            Assert.Equal(("1", "2"), (gap.Headers.GetValues("Producer-Expected-Seq").Single(), gap.Headers.GetValues("Producer-Received-Seq").Single()));
        Assert.Equal(400, (await PushAsync(app, id, "x", (1, 5))).Status);
        Assert.Equal((200, 1), await PushAsync(app, id, "1", (1, 0)));
        using (var fenced = await SendAsync(app, id, Output("x"), (0, 1)))
            Assert.Equal((HttpStatusCode.Forbidden, "1"), (fenced.StatusCode, fenced.Headers.GetValues("Producer-Epoch").Single()));
        using (var half = await SendAsync(app, id, $"[{Output("1")},{Output("2")},{Output("3")}]", (1, 0)))
        {
            var view = await half.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((2, 1), (view.GetProperty("accepted").GetInt32(), view.GetProperty("duplicates").GetInt32()));
            Assert.Equal("2", half.Headers.GetValues("Producer-Seq").Single());
        }

        Assert.Equal((200, 1), await PushJsonAsync(app, id, """{"event_type":"end"}""", (1, 3)));
        Assert.Equal((200, 0), await PushJsonAsync(app, id, """{"event_type":"end"}""", (1, 3)));
        Assert.Equal(409, (await PushAsync(app, id, "late", (1, 4))).Status);
        Assert.Equal("0123", Output(Events(await app.ReadAsync(id))));
    }

    [Fact]
    public async Task Headers_of_a_producer_come_together_and_are_numbers()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        foreach (var (name, value) in ((string, string)[])[("Producer-Id", "p"), ("Producer-Seq", "0"), ("Producer-Epoch", "x")])
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{id}/events") { Content = RelayApp.Json(Output("x")) };
            request.Headers.Add(name, value);
            using var answer = await app.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_producer_that_is_killed_at_every_event_and_repeats_unacknowledged_events_has_each_event_once_across_restarts()
    {
        const int Count = 500;
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        var random = new Random(7);
        string id;
        using (var app = App(folder))
        {
            id = await app.StartAsync("topic", "remote");
            for (var number = 0; number < Count / 2; number++)
                await PushUnsurelyAsync(app, id, number, random);
        }

        using (var app = App(folder))
        {
            for (var number = (Count / 2) - 1; number < Count; number++)
                await PushUnsurelyAsync(app, id, number, random);

            await PushJsonAsync(app, id, """{"event_type":"end"}""", (0, Count));
            Assert.Equal(string.Concat(Enumerable.Range(0, Count).Select(number => $"{number} ")), Output(Events(await app.ReadAsync(id))));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Lines_are_seen_while_the_request_still_runs_and_a_quiet_producer_stays_connected()
    {
        using var app = App(more: new() { ["StreamRelay:Agents:remote:IdleTimeout"] = "00:00:01" });
        var id = await app.StartAsync("topic", "remote");
        var lines = new LineContent();
        var pushing = SendAsync(app, id, lines, (0, 0));
        using var stream = await app.Client.GetStreamAsync($"/v1/tasks/{id}/events");
        using var reader = new StreamReader(stream);
        for (var number = 0; number < 5; number++)
        {
            await lines.WriteAsync(Output($"{number} ") + "\n");
            await SeeAsync(reader, $"\"{number} \"");
        }

        // By default Kestrel ends a request body slower than 240 bytes per second after five seconds.
        var quiet = Task.Delay(TimeSpan.FromSeconds(7));
        Assert.Same(quiet, await Task.WhenAny(pushing, quiet));
        await lines.WriteAsync("\n" + Output("héllo 😀"));
        lines.Complete();
        using var answer = await pushing;
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(6, view.GetProperty("accepted").GetInt32());
        Assert.Equal("5", answer.Headers.GetValues("Producer-Seq").Single());
        await SeeAsync(reader, "héllo 😀");
        Assert.Equal("producer_lost", (await app.TaskAsync(id)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_wrong_line_is_named_and_what_came_before_it_is_kept()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        using var answer = await SendAsync(app, id, Lines($"{Output("a")}\r\n\n{Output("b")}\nnot json\n"), (0, 0));
        Assert.Equal((HttpStatusCode.BadRequest, "line 4"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString()));
        await PushAsync(app, id, """{"event_type":"end"}""");
        Assert.Equal("ab", Output(Events(await app.ReadAsync(id))));
    }

    [Fact]
    public async Task A_stop_ends_the_request_of_a_connected_producer()
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(app.Address.Host, app.Address.Port);
        var line = Output("a") + "\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/tasks/{id}/events HTTP/1.1\r\nHost: {app.Address.Authority}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n{line.Length:x}\r\n{line}\r\n"));
        using (var stream = await app.Client.GetStreamAsync($"/v1/tasks/{id}/events"))
        using (var reader = new StreamReader(stream))
            await SeeAsync(reader, "\"a\"");

        using var stopped = await app.PostAsync($"/v1/tasks/{id}/stop", "");
        using var answer = new StreamReader(client.GetStream());
        await SeeAsync(answer, "HTTP/1.1 409");
    }

    [Fact]
    public async Task A_push_task_without_events_fails_after_its_idle_timeout()
    {
        using var app = App(more: new() { ["StreamRelay:Agents:remote:IdleTimeout"] = "00:00:00.200" });
        Assert.Equal("producer_lost", (await app.TaskAsync(await app.StartAsync("topic", "remote"))).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("python3", "agent.py")]
    [InlineData("node", "agent.mjs")]
    [InlineData("sh", "agent.sh")]
    public async Task The_samples_push(string command, string file)
    {
        using var app = App();
        var id = await app.StartAsync("topic", "remote");
        var start = new ProcessStartInfo(command, [Path.Combine(JavaScriptClients.Folder, "..", "samples", "push", file), id]) { RedirectStandardError = true };
        start.Environment["STREAMRELAY_URL"] = app.Address.ToString().TrimEnd('/');
        using var agent = Process.Start(start)!;
        var error = await agent.StandardError.ReadToEndAsync().WaitAsync(Relay.Deadline);
        await agent.WaitForExitAsync();
        Assert.True(agent.ExitCode == 0, error);
        var events = Events(await app.ReadAsync(id));
        Assert.Equal(["start", "thought", "output", "output", "output", "usage", "end"], events.Select(Type));
        Assert.Equal("1 2 3 ", Output(events));
    }

    private static RelayApp App(string? folder = null, Dictionary<string, string?>? more = null) =>
        new(new(more ?? []) { ["StreamRelay:Agents:remote:Type"] = "push" }, folder);

    private static string Output(string text) => $$"""{"event_type":"output","content":{{JsonSerializer.Serialize(text)}}}""";

    private static List<JsonElement> Events(string stream) =>
        [.. SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out _))];

    private static string? Type(JsonElement json) => json.GetProperty("event_type").GetString();

    private static string Output(List<JsonElement> events) => string.Concat(events.Where(json => Type(json) == "output").Select(json => json.GetProperty("content").GetString()));

    private static Task<(int Status, int Accepted)> PushAsync(RelayApp app, string id, string body) => PushJsonAsync(app, id, body, null);

    private static Task<(int Status, int Accepted)> PushAsync(RelayApp app, string id, string text, (long, long)? producer) => PushJsonAsync(app, id, Output(text), producer);

    private static async Task<(int Status, int Accepted)> PushJsonAsync(RelayApp app, string id, string body, (long Epoch, long Sequence)? producer)
    {
        using var answer = await SendAsync(app, id, body, producer);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32() : 0);
    }

    /// <summary>Pushes an event, sometimes without waiting for the answer, then again.</summary>
    private static async Task PushUnsurelyAsync(RelayApp app, string id, int number, Random random)
    {
        using (var killed = new CancellationTokenSource())
        {
            var first = SendAsync(app, id, RelayApp.Json(Output($"{number} ")), (0, number), killed.Token);
            if (random.Next(2) == 0)
                await killed.CancelAsync();

            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Assert.Equal(200, (await PushAsync(app, id, $"{number} ", (0, number))).Status);
    }

    private static Task<HttpResponseMessage> SendAsync(RelayApp app, string id, string body, (long, long)? producer) => SendAsync(app, id, RelayApp.Json(body), producer);

    private static Task<HttpResponseMessage> SendAsync(RelayApp app, string id, HttpContent body, (long Epoch, long Sequence)? producer, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{id}/events") { Content = body };
        if (producer is { } given)
        {
            request.Headers.Add("Producer-Id", "p");
            request.Headers.Add("Producer-Epoch", $"{given.Epoch}");
            request.Headers.Add("Producer-Seq", $"{given.Sequence}");
        }

        return app.Client.SendAsync(request, cancellationToken);
    }

    private static StringContent Lines(string lines) => new(lines, Encoding.UTF8, "application/x-ndjson");

    private static async Task SeeAsync(StreamReader reader, string text)
    {
        while (await reader.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"The stream ended before {text}.");
    }

    /// <summary>A body that is written while it is sent.</summary>
    private sealed class LineContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LineContent() => Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");

        public async Task WriteAsync(string text)
        {
            var stream = await _stream.Task.WaitAsync(Relay.Deadline);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
        }

        public void Complete() => _completed.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _completed.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
