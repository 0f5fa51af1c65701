using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Log;

/// <summary>Tests what the nodes do after Redis has lost the last second, or everything, while they live.</summary>
public sealed class LossTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisServer _server = null!;
    private RedisStore _one = null!;
    private RedisStore _two = null!;

    private string Key => $"{_prefix}:log:{_task}";

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync(new() { AppendOnly = true, AppendFsync = "always" });
        var tasks = new MemoryTaskStore();
        await tasks.AddAsync(new() { Request = new() { Id = _task, Agent = "agent", Owner = "me", CreatedAt = SampleEntries.Start } }, new(default), None);
        _one = await RedisStores.OpenAsync(_server, _prefix, "one", tasks: tasks);
        _two = await RedisStores.OpenAsync(_server, _prefix, "two", tasks: tasks);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Pushes_that_Redis_has_lost_are_appended_again_with_the_same_bytes_by_the_nodes_that_took_them()
    {
        await using var writer = await StartAsync();
        _server.Remember();
        await PushAsync(2, 9);
        await writer.DisposeAsync();
        var before = await LogAsync();

        await _server.ForgetAsync();

        await Wait.UntilAsync(LogAsync, log => log == before, RedisStores.Deadline, "the log as it was");
    }

    [Fact]
    public async Task Young_logs_are_written_again_after_Redis_has_lost_everything()
    {
        await using var writer = await StartAsync();
        await PushAsync(2, 9);
        var before = await LogAsync();

        await _server.CliAsync("FLUSHALL");
        await RenewAsync();

        await Wait.UntilAsync(LogAsync, log => log == before, RedisStores.Deadline, "the log as it was");
    }

    [Fact]
    public async Task A_push_takes_the_place_of_no_entry_that_is_appended_again()
    {
        await using var writer = await StartAsync();
        _server.Remember();
        await PushAsync(2, 5);
        await _server.ForgetAsync();

        Assert.False(await _two.Log.TryAppendAsync(_task, SampleEntries.Entries(2, 1, "another"), None));

        Assert.Equal(["t1", "t2", "t3", "t4", "t5"], (await _one.Log.ReadAllAsync(_task)).Select(entry => entry.Text()));
    }

    [Fact]
    public async Task A_push_is_not_appended_again_after_a_batch_of_another_length_that_took_the_place_of_its_predecessor()
    {
        await using var writer = await StartAsync();
        _server.Remember();
        Assert.True(await _one.Log.TryAppendAsync(_task, SampleEntries.Entries(2, 3), None));
        Assert.True(await _two.Log.TryAppendAsync(_task, SampleEntries.Entries(5, 1), None));
        await _one.DisposeAsync();
        await _server.ForgetAsync();

        await using var three = await RedisStores.OpenAsync(_server, _prefix, "three");
        Assert.True(await three.Log.TryAppendAsync(_task, SampleEntries.Entries(2, 1, "another"), None));
        Assert.True(await _two.Log.TryAppendAsync(_task, SampleEntries.Entries(3, 1), None));

        Assert.Equal(["t1", "another2", "t3"], (await three.Log.ReadAllAsync(_task)).Select(entry => entry.Text()));
    }

    [Fact]
    public async Task A_push_that_finds_no_log_notices_the_loss_and_follows_the_entries_that_are_appended_again()
    {
        await using var writer = await StartAsync();
        await PushAsync(2, 5);

        await _server.CliAsync("FLUSHALL");
        var pushing = _two.Log.TryAppendAsync(_task, SampleEntries.Entries(6, 1), None).AsTask();
        await RenewAsync();

        Assert.True(await pushing.WaitAsync(RedisStores.Deadline));
        Assert.Equal(6, (await _one.Log.ReadAllAsync(_task)).Count);
    }

    [Fact]
    public async Task A_follower_receives_each_entry_once_across_a_loss_that_is_repaired()
    {
        await using var writer = await StartAsync();
        await using var pages = _two.Feed.FollowAsync(_task, 0, None).GetAsyncEnumerator();
        _server.Remember();
        await PushAsync(2, 5);
        await ReadToAsync(pages, 5);

        await _server.ForgetAsync();
        Assert.True(await _one.Log.TryAppendAsync(_task, SampleEntries.Entries(6, 1), None));

        Assert.Equal([6L], await ReadToAsync(pages, 6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_follower_fails_when_entries_that_were_read_are_lost_with_the_node_that_took_them(bool isEverything)
    {
        await using (var writer = await StartAsync())
        {
            await using var pages = _two.Feed.FollowAsync(_task, 0, None).GetAsyncEnumerator();
            _server.Remember();
            await PushAsync(2, 2);
            await ReadToAsync(pages, 2);
            await _one.DisposeAsync();
            var next = pages.MoveNextAsync().AsTask();

            await (isEverything ? _server.CliAsync("FLUSHALL") : _server.ForgetAsync());
            await _two.Work.RenewAsync([], None);

            var exception = await Assert.ThrowsAnyAsync<IOException>(() => next.WaitAsync(RedisStores.Deadline));
            Assert.True(exception is LogTruncatedException or LogNotFoundException, $"{exception}");
        }
    }

    [Fact]
    public async Task A_writer_that_appends_nothing_reports_that_its_log_is_lost()
    {
        await _one.Log.AppendAsync(_task, SampleEntries.Entries(1, 2));
        await _one.DisposeAsync();
        await using var writer = await _two.Log.OpenAsync(_task, 2, None);
        var lost = new TaskCompletionSource<IOException>();
        writer.Lost += (_, exception) => lost.TrySetResult(exception);

        await _server.CliAsync("FLUSHALL");
        await _two.Work.RenewAsync([], None);

        Assert.IsType<LogNotFoundException>(await lost.Task.WaitAsync(RedisStores.Deadline));
    }

    /// <summary>Opens the log as the node does that runs the task.</summary>
    private async Task<IEventLogWriter> StartAsync()
    {
        var writer = await _one.Log.OpenAsync(_task, 1, None);
        await writer.AppendAsync(SampleEntries.Entries(1, 1), None);
        return writer;
    }

    /// <summary>Appends entries on both nodes in turn, the first on the first node.</summary>
    private async Task PushAsync(long first, long last)
    {
        for (var offset = first; offset <= last; offset++)
            Assert.True(await (offset % 2 == first % 2 ? _one : _two).Log.TryAppendAsync(_task, SampleEntries.Entries(offset, 1), None));
    }

    private async Task RenewAsync()
    {
        await _one.Work.RenewAsync([], None);
        await _two.Work.RenewAsync([], None);
    }

    private static async Task<List<long>> ReadToAsync(IAsyncEnumerator<ReadOnlyMemory<StreamEntry>> pages, long offset)
    {
        List<long> offsets = [];
        while (offsets.LastOrDefault() < offset && await pages.MoveNextAsync().AsTask().WaitAsync(RedisStores.Deadline))
            offsets.AddRange(pages.Current.ToArray().Select(entry => entry.Offset));

        return offsets;
    }

    private Task<string> LogAsync() => _server.CliAsync("XRANGE", Key, "-", "+");
}
