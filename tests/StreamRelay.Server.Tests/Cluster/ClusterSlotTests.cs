using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Two nodes with one slot each.</summary>
public sealed class ClusterSlotTests : IAsyncLifetime
{
    private RelayApp[] _nodes = [];

    public async Task InitializeAsync()
    {
        var cluster = await SharedStores.NewClusterAsync();
        cluster["StreamRelay:Streams:MaxRunningTasks"] = "1";
        cluster["StreamRelay:Agents:turns:Type"] = "probe";
        cluster["StreamRelay:Agents:turns:DoubleText"] = "Enqueue";
        _nodes = [new(cluster), new(cluster)];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Queued_tasks_of_one_session_take_no_slot_and_run_in_order()
    {
        var first = await SayAsync("count 100000 10");
        var second = await SayAsync("count 3 0");
        var third = await SayAsync("count 3 0");
        var other = await _nodes[1].StartAsync("count 3 0");
        Assert.Equal("completed", await StatusAsync(other, "?wait=60"));
        Assert.Equal(("running", "queued", "queued"), (await StatusAsync(first), await StatusAsync(second), await StatusAsync(third)));

        using var stopped = await _nodes[0].PostAsync($"/v1/tasks/{first}/stop", "");
        Assert.Equal("completed", await StatusAsync(third, "?wait=60"));
        Assert.Equal("completed", await StatusAsync(second));
    }

    private async Task<string> StatusAsync(string id, string query = "") => (await _nodes[0].TaskAsync(id, query)).GetProperty("status").GetString()!;

    private async Task<string> SayAsync(string input)
    {
        using var answer = await _nodes[0].Client.PostAsJsonAsync("/v1/tasks", new { agent = "turns", input, session_id = "talk" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
