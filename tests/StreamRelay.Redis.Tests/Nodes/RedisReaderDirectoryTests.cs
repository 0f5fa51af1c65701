using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Nodes;

/// <summary>Tests the count of readers on other nodes, also after lost announcements and after a node has stopped.</summary>
public sealed class RedisReaderDirectoryTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly TaskId _task = SampleEntries.NewTask();
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisServer _server = null!;
    private RedisStore _one = null!;
    private RedisStore _two = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync(new() { AppendOnly = true, AppendFsync = "always" });
        _one = await RedisStores.OpenAsync(_server, _prefix, "one", Lease);
        _two = await RedisStores.OpenAsync(_server, _prefix, "two", Lease);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Readers_are_counted_on_the_other_nodes_only()
    {
        _one.Readers.Announce(_task, 2);
        await WhenCountedAsync(_two, 2);
        Assert.Equal(0, await _one.Readers.CountElsewhereAsync(_task, None));
        _one.Readers.Announce(_task, 0);
        await WhenCountedAsync(_two, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_failed_announcement_is_sent_with_the_next_renewal(int readers)
    {
        _one.Readers.Announce(_task, 1);
        _one.Readers.Announce(SampleEntries.NewTask(), 1);
        await WhenCountedAsync(_two, 1);
        _server.Kill();
        _one.Readers.Announce(_task, readers);
        await _server.RestartAsync();
        await Wait.UntilAsync(async () => await IsRenewedAsync(_one), RedisStores.Deadline, "a renewal");

        await WhenCountedAsync(_two, readers);
    }

    [Fact]
    public async Task A_node_whose_lease_has_expired_is_removed_with_its_readers()
    {
        _one.Readers.Announce(_task, 1);
        await WhenCountedAsync(_two, 1);
        Assert.InRange(long.Parse(await _server.CliAsync("PTTL", $"{_prefix}:readers:one"), System.Globalization.CultureInfo.InvariantCulture), 1, (long)Lease.TotalMilliseconds);

        await _server.CliAsync("DEL", $"{_prefix}:readers:one", $"{_prefix}:node:one");
        await using var three = await RedisStores.OpenAsync(_server, _prefix, "three", Lease);
        Assert.Equal("0", await _server.CliAsync("SISMEMBER", $"{_prefix}:nodes", "one"));
        Assert.Equal("1", await _server.CliAsync("SISMEMBER", $"{_prefix}:nodes", "two"));
    }

    private static async Task<bool> IsRenewedAsync(RedisStore store)
    {
        try
        {
            await store.Work.RenewAsync([], None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Task WhenCountedAsync(RedisStore store, int readers) => Wait.UntilAsync(
        async () => await store.Readers.CountElsewhereAsync(_task, None), count => count == readers, RedisStores.Deadline, $"{readers} readers");
}
