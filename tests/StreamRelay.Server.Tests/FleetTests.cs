using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.Testing;

namespace StreamRelay.Server;

/// <summary>Two nodes that share Redis and PostgreSQL.</summary>
public sealed class FleetTests : IAsyncLifetime
{
    private RelayApp[] _nodes = [];

    private RelayApp One => _nodes[0];

    private RelayApp Two => _nodes[1];

    public async Task InitializeAsync()
    {
        var fleet = await SharedStores.NewFleetAsync();
        fleet["StreamRelay:Agents:remote:Type"] = "push";
        _nodes = [new(fleet), new(fleet)];
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
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await One.Client.GetAsync($"/v1/tasks/{id}/events")).StatusCode);
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
        var said = Sse.Frames(streams[0]).Select(frame => JsonElement.Parse(Sse.Data(frame))).Where(json => json.TryGetProperty("event_type", out var type) && type.GetString() == "output");
        Assert.Equal(Enumerable.Range(0, 100).Select(number => number.ToString()), said.Select(json => json.GetProperty("content").GetString()));
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

        Assert.Equal(("completed", """{"rows":42}"""), (task.GetProperty("status").GetString(), task.GetProperty("result").GetString()));
        Assert.Contains("\"observation\"", await reader);
    }

    private static async Task PushAllAsync(RelayApp node, string id)
    {
        for (var number = 0; number < 100; number++)
            Assert.Equal(200, await PushAsync(node, id, $$"""{"event_type":"output","content":"{{number}}"}""", number));
    }

    /// <summary>Pushes an event, again while an earlier one that the other node was sent has not arrived.</summary>
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
}
