using System.Net;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Cluster;

/// <summary>Starts at a node whose user of Redis lacks a permission, while the other node has all permissions.</summary>
public sealed class RefusedStartTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private RedisServer _redis = null!;
    private Dictionary<string, string?> _cluster = [];
    private RelayApp[] _nodes = [];

    private RelayApp One => _nodes[0];

    private RelayApp Two => _nodes[1];

    private string Prefix => _cluster["StreamRelay:Cluster:Prefix"]!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(new() { Password = "admin", Users = ["one on >secret ~* &* +@all", "two on >secret ~* &* +@all"] });
        _cluster = await SharedStores.NewClusterAsync();
        _cluster["StreamRelay:Cluster:Lease"] = "00:00:00.500";
        _cluster["StreamRelay:Streams:StoreOutage"] = "00:00:05";
        _cluster["StreamRelay:Streams:MaxRunningTasks"] = "1";
        _nodes = [.. new[] { "one", "two" }.Select(user => new RelayApp(new(_cluster) { ["ConnectionStrings:Redis"] = $"127.0.0.1:{_redis.Port},user={user},password=secret" }))];
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();

        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("-xadd")]
    [InlineData("-evalsha -eval")]
    [InlineData("-xadd -del -unlink")]
    [InlineData("resetkeys ~*:log:*")]
    public async Task A_start_that_a_missing_permission_refuses_leaves_nothing_and_never_runs(string rules)
    {
        await _redis.CliAsync(["ACL", "SETUSER", "one", .. rules.Split(' ')]);
        using var refused = await StartAsync(One);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);

        await _redis.CliAsync("ACL", "SETUSER", "one", "allkeys", "+@all");
        using var started = await StartAsync(Two);
        var id = await IdAsync(started);

        Assert.Equal("completed", (await Two.TaskAsync(id)).GetProperty("status").GetString());
        await Wait.UntilAsync(LeftAsync, left => left == $"{id}; {Prefix}:log:{id}; 0", Deadline, "what is left");
    }

    [Theory]
    [InlineData("-hget")]
    [InlineData("-smembers")]
    public async Task A_start_whose_task_runs_is_answered_with_the_task_whatever_else_is_refused(string rule)
    {
        await _redis.CliAsync("ACL", "SETUSER", "one", rule);
        using var started = await StartAsync(One);

        Assert.Equal("completed", (await Two.TaskAsync(await IdAsync(started))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_start_that_waits_for_a_permission_is_accepted_when_another_node_has_run_the_task()
    {
        await LockOutAsync("one");
        using var started = await StartAsync(One);

        Assert.Equal("completed", (await Two.TaskAsync(await IdAsync(started))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_start_that_was_repeated_at_another_node_is_not_refused_afterwards()
    {
        using var running = await StartAsync(Two, "count 1000 1000", "other");
        await LockOutAsync("one");
        var starting = StartAsync(One);
        await Wait.UntilAsync(async () => (await ListAsync()).Count == 2, Deadline, "the record is stored");
        using var again = await StartAsync(Two);
        using var started = await starting;

        Assert.Equal(await IdAsync(again), await IdAsync(started));
        using var stopped = await Two.PostAsync($"/v1/tasks/{await IdAsync(running)}/stop", "");
        Assert.Equal("completed", (await Two.TaskAsync(await IdAsync(started))).GetProperty("status").GetString());
    }

    private static async Task<HttpResponseMessage> StartAsync(RelayApp node, string input = "count 5 0", string key = "key")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tasks") { Content = RelayApp.Json($$"""{"agent":"probe","input":"{{input}}"}""") };
        request.Headers.Add("Idempotency-Key", key);
        return await node.Client.SendAsync(request);
    }

    private static async Task<string> IdAsync(HttpResponseMessage started)
    {
        Assert.True(started.IsSuccessStatusCode, $"{started.StatusCode}");
        return JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
    }

    /// <summary>Closes the connections of a user, who cannot connect again.</summary>
    private async Task LockOutAsync(string user)
    {
        await _redis.CliAsync("ACL", "SETUSER", user, "off");
        await _redis.CliAsync("CLIENT", "KILL", "USER", user);
    }

    private async Task<List<string>> ListAsync()
    {
        var list = JsonElement.Parse(await Two.Client.GetStringAsync("/v1/tasks"));
        return [.. list.GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)];
    }

    /// <summary>The ids of all tasks, the keys of all logs, and the number of queued messages.</summary>
    private async Task<string> LeftAsync() =>
        $"{string.Join(' ', await ListAsync())}; {await _redis.CliAsync("KEYS", $"{Prefix}:log:*")}; {await _redis.CliAsync("XLEN", $"{Prefix}:work")}";
}
