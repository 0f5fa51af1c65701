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
}
