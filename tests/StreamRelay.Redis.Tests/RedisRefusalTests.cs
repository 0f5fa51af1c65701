using StreamRelay.Cluster;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>Tests a server that refuses writes, because it has too few replicas or no free memory, or has lost its data.</summary>
public sealed class RedisRefusalTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisServer _server = null!;

    private string Key => $"{_prefix}:log:{_task}";

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_refusal_while_lost_entries_are_appended_again_leaves_no_gap()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var writer = await store.Log.OpenAsync(_task, 1, None);
        for (var batch = 0; batch < 5; batch++)
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 2), None);

        var before = await _server.CliAsync("XRANGE", Key, "-", "+");
        await _server.CliAsync("XDEL", Key, "1-7", "1-9");
        await _server.CliAsync("XSETID", Key, "1-5");
        await RefuseWritesAsync();
        await _server.CliAsync("CLIENT", "KILL", "TYPE", "normal");
        await Wait.UntilAsync(async () => (await _server.CliAsync("INFO", "errorstats")).Contains("NOREPLICAS", StringComparison.Ordinal), RedisStores.Deadline, "a refusal");
        await AcceptWritesAsync();
        await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 1), None);

        Assert.StartsWith(before, await _server.CliAsync("XRANGE", Key, "-", "+"));
        Assert.Equal(11, (await store.Log.ReadAllAsync(_task)).Count);
    }

    [Fact]
    public async Task An_append_waits_while_the_memory_of_the_server_is_full()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var writer = await store.Log.OpenAsync(_task, 1, None);
        await _server.CliAsync("CONFIG", "SET", "maxmemory", "1");
        var appending = writer.AppendAsync(SampleEntries.Entries(1, 1), None).AsTask();
        await Wait.UntilAsync(() => Task.FromResult(writer.IsWaiting), RedisStores.Deadline, "the writer waits");
        Assert.False(appending.IsCompleted);

        await _server.CliAsync("CONFIG", "SET", "maxmemory", "0");
        await appending.WaitAsync(RedisStores.Deadline);
        Assert.Single(await store.Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task Nodes_that_could_not_renew_their_leases_during_an_outage_keep_their_tasks()
    {
        await using var one = await RedisStores.OpenAsync(_server, _prefix, "one");
        await using var two = await RedisStores.OpenAsync(_server, _prefix, "two");
        await RedisStores.UntilClaimsAsync(_server, _prefix, two.Work);
        await one.Work.RenewAsync([], None);
        await one.Work.OfferAsync(_task, None);
        var item = Assert.Single(await one.Work.TakeAsync(1, None));

        await RefuseWritesAsync();
        foreach (var node in new[] { one.Work, two.Work })
            await Assert.ThrowsAnyAsync<IOException>(() => node.RenewAsync([], None).AsTask());

        await Wait.UntilAsync(async () => await _server.CliAsync("EXISTS", $"{_prefix}:node:one") == "0", RedisStores.Deadline, "the node has expired");
        await AcceptWritesAsync();

        Assert.Empty(await two.Work.TakeAsync(1, None));
        Assert.True(await two.Work.IsAliveAsync("one", None));
        await one.Work.RenewAsync([item], None);
    }

    [Fact]
    public async Task A_lost_group_is_created_again()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await RedisStores.UntilClaimsAsync(_server, _prefix, store.Work);
        await _server.CliAsync("FLUSHALL");
        await store.Work.OfferAsync(_task, None);

        IReadOnlyList<WorkItem> taken = [];
        await Wait.UntilAsync(async () => (taken = await store.Work.TakeAsync(1, None)).Count > 0, RedisStores.Deadline, "the task is taken");
        Assert.Equal(_task, taken[0].Task);
    }

    private Task RefuseWritesAsync() => _server.CliAsync("CONFIG", "SET", "min-replicas-to-write", "1");

    private Task AcceptWritesAsync() => _server.CliAsync("CONFIG", "SET", "min-replicas-to-write", "0");
}
