using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.TestSupport;
using Xunit.Abstractions;

namespace StreamRelay.Redis;

/// <summary>Tests a failover by Redis Sentinel under load. Replication is asynchronous, so writers append the entries again that the new primary does not have.</summary>
public sealed class SentinelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisServer _primary = null!;
    private RedisServer _replica = null!;
    private RedisSentinel _sentinel = null!;

    public async Task InitializeAsync()
    {
        _primary = await RedisServer.StartAsync();
        _replica = await RedisServer.StartAsync(new() { Lines = [$"replicaof 127.0.0.1 {_primary.Port}"] });
        _sentinel = await RedisSentinel.StartAsync(_primary);
    }

    public async Task DisposeAsync()
    {
        await _sentinel.DisposeAsync();
        await _replica.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Fact]
    public async Task A_failover_under_load_loses_no_acknowledged_entry_and_no_task()
    {
        await using var one = await OpenAsync("one");
        await using var two = await OpenAsync("two");
        var load = await RedisLoad.StartAsync(one, two);

        var clock = Stopwatch.StartNew();
        _primary.Kill();
        await load.WhenAppendedAsync(500);
        output.WriteLine($"500 appends after {clock.Elapsed}");

        // The replica takes writes before Sentinel has read from it that it is the new primary.
        await Wait.UntilAsync(_sentinel.PrimaryPortAsync, port => port == _replica.Port, RedisStores.Deadline, "the new primary in Sentinel");
        await load.EndAsync();
    }

    private async Task<RedisStore> OpenAsync(string node)
    {
        var options = new RedisStoreOptions { Prefix = _prefix, Node = node, Lease = TimeSpan.FromSeconds(1) };
        var store = RedisStore.Create(_sentinel.ConnectionString, options, RedisStores.Times, TimeProvider.System, NullLoggerFactory.Instance);
        await store.ConnectAsync(CancellationToken.None).WaitAsync(RedisStores.Deadline);
        return store;
    }
}
