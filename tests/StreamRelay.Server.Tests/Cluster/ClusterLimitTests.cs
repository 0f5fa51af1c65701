using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Limits of an owner and a key that use two nodes.</summary>
public sealed class ClusterLimitTests : IAsyncLifetime
{
    private readonly (string Key, string Hash) _key = ApiKey.Create();
    private RedisServer _redis = null!;
    private RelayApp[] _nodes = [];

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Requests_on_both_nodes_count_to_one_limit_and_while_Redis_is_away_each_node_counts_alone()
    {
        await StartAsync(("StreamRelay:Limits:RequestsPerMinutePerOwner", "4"));

        List<int> statuses = [];
        for (var request = 0; request < 6; request++)
            statuses.Add(await GetAsync(_nodes[request % 2], "/v1/models"));

        Assert.Equal([200, 200, 200, 200, 429, 429], statuses);
        _redis.Kill();
        Assert.Equal((200, 200), (await GetAsync(_nodes[0], "/v1/models"), await GetAsync(_nodes[1], "/v1/models")));
    }

    [Fact]
    public async Task A_stream_on_one_node_counts_on_the_other_until_it_has_ended()
    {
        await StartAsync(("StreamRelay:Limits:StreamsPerKey", "1"));
        var id = await _nodes[0].StartAsync("count 100000 100");
        using var open = await _nodes[0].Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(429, await GetAsync(_nodes[1], $"/v1/tasks/{id}/events"));

        open.Dispose();
        await Wait.UntilAsync(async () => await GetAsync(_nodes[1], $"/v1/tasks/{id}/events") == 200, Deadline, "the stream has ended");
    }

    [Fact]
    public async Task Tokens_that_a_task_used_on_one_node_are_missing_on_the_other()
    {
        await StartAsync(("StreamRelay:Tokens:PerDayPerOwner", "5"));
        await _nodes[0].TaskAsync(await _nodes[0].StartAsync("count 100 0"));
        await Wait.UntilAsync(async () => await UsedTokensAsync() >= 5, Deadline, "the tokens are counted");

        using var refused = await _nodes[1].PostAsync("/v1/tasks", """{"agent":"probe","input":"count 1 0"}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("token_limit_exceeded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_and_waiting_tasks_of_a_key_are_limited_on_both_nodes_together()
    {
        await StartAsync(("StreamRelay:Streams:MaxRunningTasksPerKey", "1"), ("StreamRelay:Streams:MaxQueuedTasksPerKey", "2"));
        List<string> tasks = [await StartTaskAsync(0)];
        await Wait.UntilAsync(async () => await StatusAsync(tasks[0]) == "running", Deadline, "the first task runs");
        tasks.AddRange([await StartTaskAsync(0), await StartTaskAsync(1)]);

        using var refused = await _nodes[1].PostAsync("/v1/tasks", """{"agent":"probe","input":"count 1 0"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("StreamRelay:Streams:MaxQueuedTasksPerKey", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("running", "queued", "queued"), (await StatusAsync(tasks[0]), await StatusAsync(tasks[1]), await StatusAsync(tasks[2])));
        using var limits = await _nodes[1].Client.GetAsync("/v1/limits");
        Assert.Contains("""{"of":"key","limit":1,"used":1}""", await limits.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Tasks that wait on different nodes have no order.
        while (tasks.Count > 0)
        {
            await Wait.UntilAsync(() => FindRunningAsync(tasks), static running => running is not null, Deadline, "the next task runs");
            var task = await FindRunningAsync(tasks);
            using var stopped = await _nodes[0].PostAsync($"/v1/tasks/{task}/stop", "");
            tasks.Remove(task!);
        }
    }

    private static TimeSpan Deadline => TimeSpan.FromSeconds(60);

    private async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var cluster = await SharedStores.NewClusterAsync();
        cluster["ConnectionStrings:Redis"] = _redis.ConnectionString;
        cluster["StreamRelay:Auth:Keys:0:Owner"] = "ann";
        cluster["StreamRelay:Auth:Keys:0:Hash"] = _key.Hash;
        foreach (var (name, value) in settings)
            cluster[name] = value;

        _nodes = [new(cluster), new(cluster)];
        foreach (var node in _nodes)
            node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key.Key);
    }

    private async Task<string?> FindRunningAsync(List<string> tasks)
    {
        foreach (var task in tasks)
        {
            if (await StatusAsync(task) == "running")
                return task;
        }

        return null;
    }

    private static async Task<int> GetAsync(RelayApp node, string path)
    {
        using var answer = await node.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private async Task<string> StartTaskAsync(int node)
    {
        using var started = await _nodes[node].PostAsync("/v1/tasks", """{"agent":"probe","input":"count 1000000 100"}""");
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<long> UsedTokensAsync() =>
        (await _nodes[1].Client.GetFromJsonAsync<JsonElement>("/v1/limits")).GetProperty("tokens")[0].GetProperty("used").GetInt64();

    private async Task<string?> StatusAsync(string id) => (await _nodes[0].TaskAsync(id, "")).GetProperty("status").GetString();
}
