using StreamRelay.Limits;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Limits;

/// <summary>What two nodes count together, also when one of them has ended or Redis has lost it.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);

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
    public async Task A_rate_is_used_up_by_both_nodes_and_what_one_limit_refuses_is_not_taken_from_another()
    {
        LimitScope[] scopes = [new("requests", LimitScope.OfKey, "k", 3), new("requests", LimitScope.OfOwner, "ann", 5)];
        LimitScope[] other = [new("requests", LimitScope.OfKey, "l", 3), scopes[1]];

        Assert.Equal([3, 5], await _one.Rates.TakeAsync(scopes, 0));
        Assert.Equal([2, 4], await _one.Rates.TakeAsync(scopes, 1));
        Assert.Equal([1, 3], await _two.Rates.TakeAsync(scopes, 1));
        Assert.Equal([0, 2], await _one.Rates.TakeAsync(scopes, 1));
        Assert.Equal(-1, (await _two.Rates.TakeAsync(scopes, 1))![0]);
        Assert.Equal([2, 1], await _two.Rates.TakeAsync(other, 1));
    }

    [Fact]
    public async Task What_was_taken_of_a_rate_comes_back_evenly()
    {
        LimitScope[] scopes = [new("requests", LimitScope.OfKey, "k", 600)];
        for (var request = 0; request < 600; request += 100)
            await _one.Rates.TakeAsync(scopes, 100);

        // One of 600 a minute comes back in 100 ms.
        await Wait.UntilAsync(async () => (await _one.Rates.TakeAsync(scopes, 0))![0] >= 5, RedisStores.Deadline, "what comes back");
        Assert.InRange((await _one.Rates.TakeAsync(scopes, 0))![0], 5, 599);
    }

    [Fact]
    public async Task A_number_is_limited_on_both_nodes_until_one_leaves()
    {
        LimitScope[] scopes = [new("streams", LimitScope.OfOwner, "ann", 2)];

        Assert.Null(await _one.Counts.EnterAsync(scopes));
        Assert.Null(await _two.Counts.EnterAsync(scopes));
        Assert.Equal(scopes[0], await _one.Counts.EnterAsync(scopes));
        Assert.Equal([2], await _two.Counts.CountAsync(scopes));
        _two.Counts.Leave(scopes);

        await Wait.UntilAsync(async () => await _one.Counts.CountAsync(scopes) is [1], RedisStores.Deadline, "that one has left");
        Assert.Null(await _one.Counts.EnterAsync(scopes));
    }

    [Fact]
    public async Task The_numbers_of_a_node_that_has_ended_count_no_more()
    {
        LimitScope[] scopes = [new("streams", LimitScope.OfOwner, "ann", 1)];
        await using (var three = await RedisStores.OpenAsync(_server, _prefix, "three", TimeSpan.FromMilliseconds(500)))
            Assert.Null(await three.Counts.EnterAsync(scopes));

        await Wait.UntilAsync(async () => await _one.Counts.EnterAsync(scopes) is null, RedisStores.Deadline, "the end of the lease");
    }

    [Fact]
    public async Task A_renewal_writes_again_what_Redis_has_lost()
    {
        LimitScope[] scopes = [new("streams", LimitScope.OfOwner, "ann", 2)];
        await _one.Counts.EnterAsync(scopes);
        await _server.CliAsync("FLUSHALL");
        Assert.Equal([0], await _two.Counts.CountAsync(scopes));

        await _one.Work.RenewAsync([], None);

        Assert.Equal([1], await _two.Counts.CountAsync(scopes));
    }

    [Fact]
    public async Task While_Redis_is_away_a_node_counts_alone_and_afterwards_what_it_counted_is_there()
    {
        LimitScope[] scopes = [new("streams", LimitScope.OfOwner, "ann", 1)];
        _server.Kill();
        await Wait.UntilAsync(async () => await _one.Rates.TakeAsync(scopes, 1) is null, RedisStores.Deadline, "that Redis is away");

        Assert.Null(await _one.Counts.EnterAsync(scopes));
        Assert.Null(await _one.Counts.CountAsync(scopes));
        _one.Sums.Add(["tokens"], 5, Tomorrow);
        await _server.RestartAsync();
        await Wait.UntilAsync(async () => await _two.Sums.ReadAsync(["tokens"]) is not null && await _one.Sums.ReadAsync(["tokens"]) is [5], RedisStores.Deadline, "the sum");
        await _one.Work.RenewAsync([], None);
        await Wait.UntilAsync(async () => await _two.Counts.CountAsync(scopes) is [1], RedisStores.Deadline, "the number");
    }

    [Fact]
    public async Task What_has_left_while_Redis_was_away_counts_no_more_after_the_next_renewal()
    {
        LimitScope[] scopes = [new("streams", LimitScope.OfOwner, "ann", 1)];
        await _one.Counts.EnterAsync(scopes);
        _server.Kill();
        await Wait.UntilAsync(async () => await _one.Counts.CountAsync(scopes) is null, RedisStores.Deadline, "that Redis is away");
        _one.Counts.Leave(scopes);
        await Assert.ThrowsAnyAsync<IOException>(() => ((RedisCounts)_one.Counts).RenewAsync(None));

        await _server.RestartAsync();
        await Wait.UntilAsync(async () => await _two.Counts.CountAsync(scopes) is [1], RedisStores.Deadline, "what Redis kept");
        await Wait.UntilAsync(() => IsRenewedAsync(_one), RedisStores.Deadline, "a renewal");

        Assert.Equal([0], await _two.Counts.CountAsync(scopes));
    }

    [Fact]
    public async Task Sums_of_both_nodes_are_one_and_end()
    {
        _one.Sums.Add(["a", "b"], 40, Tomorrow);
        _two.Sums.Add(["b"], 2, Tomorrow);

        await Wait.UntilAsync(async () => await _one.Sums.ReadAsync(["a", "b", "c"]) is [40, 42, 0], RedisStores.Deadline, "the sums");
        Assert.InRange(long.Parse(await _server.CliAsync("PTTL", $"{_prefix}:sum:b"), System.Globalization.CultureInfo.InvariantCulture), 1, (long)TimeSpan.FromDays(1).TotalMilliseconds);
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
}
