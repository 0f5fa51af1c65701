using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Two nodes that share Redis and PostgreSQL.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private Dictionary<string, string?> _cluster = [];
    private RelayApp[] _nodes = [];

    private RelayApp One => _nodes[0];

    private RelayApp Two => _nodes[1];

    public async Task InitializeAsync()
    {
        _cluster = await SharedStores.NewClusterAsync();
        _cluster["StreamRelay:Agents:remote:Type"] = "push";
        _cluster["StreamRelay:Agents:polite:Type"] = "probe";
        _cluster["StreamRelay:Agents:polite:OnDisconnect"] = "Stop";
        _cluster["StreamRelay:Agents:polite:DisconnectGrace"] = "00:00:00.100";
        _nodes = [new(_cluster), new(_cluster)];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Any_node_reads_what_any_node_started_with_the_same_bytes()
    {
        foreach (var (starter, other) in ((RelayApp, RelayApp)[])[(One, Two), (Two, One)])
        {
            var id = await starter.StartAsync("count 200 1");

            var streams = await Task.WhenAll(starter.ReadAsync(id), other.ReadAsync(id), other.ReadAsync(id, "?protocol=openai-chat"), starter.ReadAsync(id, "?protocol=openai-chat"));

            Assert.Equal(streams[0], streams[1]);
            Assert.Equal(streams[2], streams[3]);
            Assert.Contains("connection_end", streams[0]);
            Assert.Equal("completed", (await other.TaskAsync(id)).GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task A_key_that_one_node_makes_and_revokes_is_accepted_and_refused_by_the_others()
    {
        using var made = await One.PostAsync("/v1/keys", """{"owner":"operator","scopes":["admin","read"]}""");
        var key = await made.Content.ReadFromJsonAsync<JsonElement>();
        var id = key.GetProperty("id").GetString();

        await Wait.UntilAsync(async () => await StatusAsync(Two, null) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10), "the other node asks for a key");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Two, key.GetProperty("key").GetString()));
        using var revoke = new HttpRequestMessage(HttpMethod.Delete, $"/v1/keys/{id}") { Headers = { Authorization = new("Bearer", key.GetProperty("key").GetString()) } };
        using var revoked = await One.Client.SendAsync(revoke);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await Wait.UntilAsync(async () => await StatusAsync(Two, key.GetProperty("key").GetString()) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10), "the other node refuses the key");
    }

    [Fact]
    public async Task A_task_is_stopped_from_any_node_and_every_reader_gets_its_end()
    {
        foreach (var stopper in (RelayApp[])[One, Two])
        {
            var id = await One.StartAsync("count 100000 10");
            var readers = Task.WhenAll(One.ReadAsync(id), Two.ReadAsync(id));

            using var stopped = await stopper.PostAsync($"/v1/tasks/{id}/stop", "");
            var view = await stopped.Content.ReadFromJsonAsync<JsonElement>();

            Assert.Equal("stopped", view.GetProperty("status").GetString());
            var streams = await readers;
            Assert.Equal(streams[0], streams[1]);
            Assert.Contains("\"stopped\"", streams[0]);
        }
    }

    [Fact]
    public async Task Lists_files_and_deletion_are_the_same_on_every_node()
    {
        var id = await One.StartAsync("MySQL", "write_tutorial");
        var task = await Two.TaskAsync(id);
        var url = task.GetProperty("files")[0].GetProperty("url").GetString();

        Assert.Equal(await One.Client.GetByteArrayAsync(url), await Two.Client.GetByteArrayAsync(url));
        Assert.Contains(id, await Two.Client.GetStringAsync("/v1/tasks"));
        using var deleted = await Two.Client.DeleteAsync($"/v1/tasks/{id}");
        deleted.EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NotFound, (await One.Client.GetAsync($"/v1/tasks/{id}/events")).StatusCode);
    }

    [Fact]
    public async Task Events_are_pushed_to_any_node_and_what_is_sent_to_both_is_kept_once()
    {
        var id = await One.StartAsync("x", "remote");
        var readers = Task.WhenAll(One.ReadAsync(id), Two.ReadAsync(id));

        await Task.WhenAll(_nodes.Select(node => PushAllAsync(node, id)));
        var ended = await Task.WhenAll(_nodes.Select(node => PushAsync(node, id, """{"event_type":"end"}""", 100)));

        Assert.Equal([200, 200], ended);
        var streams = await readers;
        Assert.Equal(streams[0], streams[1]);
        var outputs = SseText.Frames(streams[0]).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out var type) && type.GetString() == "output");
        Assert.Equal(Enumerable.Range(0, 100).Select(number => number.ToString()), outputs.Select(json => json.GetProperty("content").GetString()));
        Assert.Equal("completed", (await Two.TaskAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_operation_is_completed_on_any_node()
    {
        using var started = await One.Client.PostAsJsonAsync("/v1/tasks", new { agent = "remote", input = "x", session_id = "s", operation_id = "op", tool_call_id = "call" });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var reader = One.ReadAsync(id);

        using var completed = await Two.PostAsync("/v1/operations/op/complete", """{"success":true,"result":{"rows":42}}""");
        var task = await completed.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(("completed", """{"rows":42}"""), (task.GetProperty("status").GetString(), task.GetProperty("result").GetRawText()));
        Assert.Contains("\"observation\"", await reader);
    }

    [Fact]
    public async Task The_same_start_request_on_all_nodes_at_once_starts_one_task()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => StartWithKeyAsync(_nodes[number % 2])));
        Assert.Single(answers.Distinct());

        var chats = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => ChatAsync(_nodes[number % 2])));
        Assert.Single(chats.Distinct());
        await One.PostAsync($"/v1/tasks/{chats[0]}/stop", "");
    }

    [Fact]
    public async Task A_ticket_of_one_node_is_good_on_another()
    {
        var id = await One.StartAsync("count 3 0");
        using var made = await One.PostAsync("/v1/tickets", $$"""{"tasks":["{{id}}"]}""");
        var ticket = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;

        using var client = new HttpClient { BaseAddress = Two.Address };
        Assert.Contains("connection_end", await client.GetStringAsync($"/v1/tasks/{id}/events?ticket={Uri.EscapeDataString(ticket)}"));
    }

    [Fact]
    public async Task A_task_is_stopped_when_its_last_reader_on_all_nodes_has_left()
    {
        var id = await One.StartAsync("count 100000 5", "polite");
        var one = new LiveStream("native", await One.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead));
        using var two = new LiveStream("native", await Two.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead));
        await one.ReadUntilAsync("t3 ");
        await two.ReadUntilAsync("t3 ");
        Assert.Equal(2, (await One.TaskAsync(id, "")).GetProperty("readers").GetInt32());

        one.Dispose();
        await two.ReadUntilAsync("t200 ");
        Assert.Equal("running", (await One.TaskAsync(id, "")).GetProperty("status").GetString());
        two.Dispose();

        Assert.Equal("stopped", (await One.TaskAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_whose_last_reader_was_on_a_dead_node_is_stopped()
    {
        var id = await One.StartAsync("count 100000 5", "polite");
        await Wait.UntilAsync(() => One.TaskAsync(id, ""), task => task.GetProperty("status").GetString() == "running", TimeSpan.FromSeconds(60), "it runs");
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        await using (var three = await ServerProcess.StartAsync(folder, [.. _cluster.Select(setting => $"--{setting.Key}={setting.Value}")]))
        {
            using var reader = new LiveStream("native", await three.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead));
            await reader.ReadUntilAsync("t600 ");
            await three.KillAsync();
        }

        Assert.Equal("stopped", (await One.TaskAsync(id)).GetProperty("status").GetString());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_log_that_the_store_has_lost_is_a_410_on_every_route()
    {
        var id = await One.StartAsync("count 3 0");
        Assert.Equal("completed", (await One.TaskAsync(id)).GetProperty("status").GetString());
        await (await SharedRedis.GetAsync()).CliAsync("UNLINK", $"{_cluster["StreamRelay:Cluster:Prefix"]}:log:{id}");

        foreach (var path in (string[])[$"/v1/tasks/{id}/events", $"/v1/tasks/{id}/events?protocol=openai-chat", $"/v1/events?task={id}"])
            Assert.Equal((path, HttpStatusCode.Gone), (path, (await Two.Client.GetAsync(path)).StatusCode));
    }

    [Fact]
    public async Task A_node_of_another_cluster_does_not_start_on_its_stores()
    {
        var other = await SharedStores.NewClusterAsync();
        other["ConnectionStrings:Postgres"] = _cluster["ConnectionStrings:Postgres"];
        Assert.Contains("belongs to the cluster with the prefix", await RefusalAsync(other));

        other = await SharedStores.NewClusterAsync();
        other["StreamRelay:Cluster:Prefix"] = _cluster["StreamRelay:Cluster:Prefix"];
        Assert.Contains("contains the logs of another cluster", await RefusalAsync(other));
    }

    [Fact]
    public async Task A_node_that_is_shut_down_hands_its_tasks_over_at_once()
    {
        using var started = await One.Client.PostAsJsonAsync("/v1/tasks", new { agent = "write_tutorial", input = "Redis" });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await One.DisposeAsync();

        Assert.Equal("completed", (await Two.TaskAsync(id)).GetProperty("status").GetString());
        Assert.Contains("connection_end", await Two.ReadAsync(id));
    }

    [Fact]
    public async Task Two_nodes_do_not_use_the_same_data_folder()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        await using (new RelayApp(_cluster, folder))
            Assert.Contains("is in use by another server", await RefusalAsync(_cluster, folder));

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> RefusalAsync(Dictionary<string, string?> cluster, string? folder = null)
    {
        var own = Directory.CreateTempSubdirectory("streamrelay-");
        string[] options = [.. cluster.Select(setting => $"--{setting.Key}={setting.Value}")];
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(folder ?? own.FullName, options));
        own.Delete(recursive: true);
        return refusal.Message;
    }

    private static async Task<string> StartWithKeyAsync(RelayApp node)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks") { Content = RelayApp.Json("""{"agent":"probe","input":"count 5 1"}""") };
        request.Headers.Add("Idempotency-Key", "same");
        using var answer = await node.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string> ChatAsync(RelayApp node)
    {
        using var answer = await node.PostAsync("/api/chat", """{"id":"chat","agent":"probe","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"count 100000 20"}]}]}""");
        return answer.Headers.GetValues("X-Task-Id").Single();
    }

    private static async Task PushAllAsync(RelayApp node, string id)
    {
        for (var number = 0; number < 100; number++)
            Assert.Equal(200, await PushAsync(node, id, $$"""{"event_type":"output","content":"{{number}}"}""", number));
    }

    /// <summary>Pushes an event, and repeats the request while an earlier event has not reached this node.</summary>
    private static async Task<int> PushAsync(RelayApp node, string id, string body, int number)
    {
        while (true)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{id}/events") { Content = RelayApp.Json(body) };
            request.Headers.Add("Producer-Id", "p");
            request.Headers.Add("Producer-Epoch", "0");
            request.Headers.Add("Producer-Seq", number.ToString());
            using var answer = await node.Client.SendAsync(request);
            if ((int)answer.StatusCode != 409 || !(await answer.Content.ReadAsStringAsync()).Contains("producer_gap", StringComparison.Ordinal))
                return (int)answer.StatusCode;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(RelayApp node, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tasks");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);

        using var answer = await node.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
