using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Tasks whose events are pushed to a node that does not have their agent.</summary>
public sealed class ExternalTaskTests : IAsyncLifetime
{
    private RelayApp[] _nodes = [];

    private RelayApp One => _nodes[0];

    private RelayApp Other => _nodes[1];

    public async Task InitializeAsync()
    {
        var cluster = await SharedStores.NewClusterAsync();
        _nodes = [new(new(cluster) { ["StreamRelay:Agents:remote:Type"] = "push" }), new(cluster)];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Any_node_takes_pushed_events()
    {
        var id = await One.StartAsync("topic", "remote");

        using var event1 = await Other.PostAsync($"/v1/tasks/{id}/events", """{"event_type":"output","content":"hel"}""");
        using var lines = await Other.Client.PostAsync($"/v1/tasks/{id}/events", new StringContent("{\"event_type\":\"output\",\"content\":\"lo\"}\n{\"event_type\":\"end\"}\n", Encoding.UTF8, "application/x-ndjson"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (event1.StatusCode, lines.StatusCode));
        Assert.Equal("completed", (await One.TaskAsync(id)).GetProperty("status").GetString());
        Assert.Contains("\"lo\"", await Other.ReadAsync(id));
    }

    [Fact]
    public async Task Any_node_completes_an_operation()
    {
        using var started = await One.Client.PostAsJsonAsync("/v1/tasks", new { agent = "remote", input = "x", operation_id = "op", session_id = "s", tool_call_id = "c" });
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        using var completed = await Other.PostAsync("/v1/operations/op/complete", """{"success":true,"result":1}""");

        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        Assert.Equal("completed", (await One.TaskAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_that_an_agent_runs_takes_no_pushed_events_on_any_node()
    {
        var id = await One.StartAsync("count 1000 10");

        foreach (var node in _nodes)
        {
            using var refused = await node.PostAsync($"/v1/tasks/{id}/events", """{"event_type":"output","content":"x"}""");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }
}
