using StreamRelay.Cluster;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Work;

/// <summary>Tests which node takes a task, and when another node takes it over.</summary>
public sealed class RedisWorkQueueTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _prefix = SharedRedis.NewPrefix();
    private readonly List<RedisStore> _stores = [];
    private RedisServer _server = null!;

    public async Task InitializeAsync() => _server = await SharedRedis.GetAsync();

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
    }

    [Fact]
    public async Task Every_offered_task_is_taken_by_one_node()
    {
        var nodes = await NodesAsync(3);
        var tasks = Enumerable.Range(0, 300).Select(_ => SampleEntries.NewTask()).ToArray();
        await Task.WhenAll(tasks.Select((task, index) => nodes[index % 3].OfferAsync(task, None).AsTask()));

        var taken = await Task.WhenAll(nodes.Select(node => TakeAllAsync(node)));

        Assert.Equal(tasks.Order(), taken.SelectMany(items => items).Select(item => item.Task).Order());
        Assert.DoesNotContain(taken.SelectMany(items => items), item => item.IsAbandoned);
    }

    [Fact]
    public async Task A_task_that_its_node_renews_stays_and_a_task_that_is_not_renewed_goes_to_another_node()
    {
        var nodes = await NodesAsync(2);
        var (kept, left) = (SampleEntries.NewTask(), SampleEntries.NewTask());
        await nodes[0].OfferAsync(kept, None);
        await nodes[0].OfferAsync(left, None);
        var items = await TakeAllAsync(nodes[0]);
        var keeping = items.Where(item => item.Task == kept).ToArray();

        var found = await TakeOneAsync(nodes[1], () => nodes[0].RenewAsync(keeping, None));

        Assert.Equal((left, true), (found.Task, found.IsAbandoned));
        await nodes[1].CompleteAsync(found, None);
        await nodes[0].CompleteAsync(keeping[0], None);
        Assert.Equal("0", await _server.CliAsync("XLEN", $"{_prefix}:work"));
    }

    [Fact]
    public async Task A_released_task_goes_to_another_node_before_the_lease_ends()
    {
        var nodes = await NodesAsync(2, TimeSpan.FromSeconds(5));
        await RedisStores.UntilClaimsAsync(_server, _prefix, nodes[1]);
        await nodes[0].OfferAsync(SampleEntries.NewTask(), None);
        var item = Assert.Single(await TakeAllAsync(nodes[0]));
        var began = TimeProvider.System.GetTimestamp();
        await nodes[0].ReleaseAsync(item, None);

        var found = await TakeOneAsync(nodes[1], () => ValueTask.CompletedTask);

        Assert.Equal(item.Task, found.Task);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_node_is_alive_until_it_has_not_renewed_for_the_time_of_a_lease()
    {
        var nodes = await NodesAsync(2);
        await nodes[0].RenewAsync([], None);
        Assert.True(await nodes[1].IsAliveAsync(nodes[0].Node, None));

        await Wait.UntilAsync(async () => !await nodes[1].IsAliveAsync(nodes[0].Node, None), RedisStores.Deadline, "the end of the lease");
    }

    [Fact]
    public async Task Open_tasks_that_are_missing_in_the_queue_are_offered()
    {
        var nodes = await NodesAsync(1);
        var tasks = Enumerable.Range(0, 5).Select(_ => SampleEntries.NewTask()).ToArray();
        await nodes[0].OfferAsync(tasks[0], None);

        Assert.Equal(4, await nodes[0].OfferMissingAsync(tasks, None));
        Assert.Equal(0, await nodes[0].OfferMissingAsync(tasks, None));
        Assert.Equal(tasks.Order(), (await TakeAllAsync(nodes[0])).Select(item => item.Task).Order());
    }

    private async Task<IWorkQueue[]> NodesAsync(int count, TimeSpan? lease = null)
    {
        for (var node = 0; node < count; node++)
            _stores.Add(await RedisStores.OpenAsync(_server, _prefix, $"node{node}", lease));

        return [.. _stores.Select(store => store.Work)];
    }

    private static async Task<List<WorkItem>> TakeAllAsync(IWorkQueue node)
    {
        List<WorkItem> all = [];
        while (await node.TakeAsync(7, None) is { Count: > 0 } items)
            all.AddRange(items);

        return all;
    }

    private static async Task<WorkItem> TakeOneAsync(IWorkQueue node, Func<ValueTask> meanwhile)
    {
        using var deadline = new CancellationTokenSource(RedisStores.Deadline);
        while (true)
        {
            await meanwhile();
            if (await node.TakeAsync(1, deadline.Token) is [var item])
                return item;
        }
    }
}
