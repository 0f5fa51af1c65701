using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Log;

/// <summary>Tests a log while its server is killed, restarts, or loses the last entries.</summary>
public sealed class RedisLogFaultTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisServer _server = null!;

    private string Key => $"{_prefix}:log:{_task}";

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync(new() { AppendOnly = true, AppendFsync = "always" });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_killed_during_appends_has_every_entry_once()
    {
        foreach (var seed in Seeds.Take(3))
        {
            var random = new Random(seed);
            var task = SampleEntries.NewTask();
            await using var store = await RedisStores.OpenAsync(_server, _prefix);
            await using var writer = await store.Log.OpenAsync(task, 1, None);
            var writing = AppendBatchesAsync(writer, 400, random);
            for (var kill = 0; kill < 3; kill++)
            {
                await WhenAppendedAsync(store, task, (kill + 1) * 100);
                _server.Kill();
                await _server.RestartAsync();
            }

            await writing.WaitAsync(RedisStores.Deadline);
            var all = await store.Log.ReadAllAsync(task);
            Assert.Equal(Enumerable.Range(1, all.Count).Select(number => $"text {number}"), all.Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span)));
            Assert.Equal(writer.NextOffset - 1, all.Count);
        }
    }

    [Fact]
    public async Task Concurrent_appends_lose_and_duplicate_no_entry_while_the_server_is_killed()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 1));
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => AppendConcurrentlyAsync(store, writer, 30))));
        for (var kill = 0; kill < 3; kill++)
        {
            await WhenAppendedAsync(store, _task, (kill + 1) * 40);
            _server.Kill();
            await _server.RestartAsync();
        }

        await writing.WaitAsync(RedisStores.Deadline);
        var texts = (await store.Log.ReadAllAsync(_task)).Skip(1).Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span)).ToList();
        for (var writer = 0; writer < 6; writer++)
            Assert.Equal(Enumerable.Range(0, 30).Select(number => $"{writer}:{number}"), texts.Where(text => text.StartsWith($"{writer}:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_writer_appends_lost_elements_again_with_the_same_bytes(int lost)
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var writer = await store.Log.OpenAsync(_task, 1, None);
        for (var batch = 0; batch < 5; batch++)
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 2), None);

        var before = await _server.CliAsync("XRANGE", Key, "-", "+");
        await RemoveLastAsync(lost);
        await ReconnectAsync(store);
        await writer.AppendAsync(SampleEntries.Entries(11, 1), None);

        Assert.StartsWith(before, await _server.CliAsync("XRANGE", Key, "-", "+"));
        Assert.Equal(11, (await store.Log.ReadAllAsync(_task)).Count);
    }

    [Fact]
    public async Task An_append_fails_after_a_loss_that_the_writer_cannot_repair()
    {
        // The node that appended these entries is closed, because a running node would append them again.
        await using (var store = await RedisStores.OpenAsync(_server, _prefix))
        {
            for (var first = 1; first <= 5; first += 2)
                await store.Log.AppendAsync(_task, SampleEntries.Entries(first, 2));
        }

        await using var other = await RedisStores.OpenAsync(_server, _prefix, "two");
        await using var writer = await other.Log.OpenAsync(_task, 2, None);
        await RemoveLastAsync(3);
        await ReconnectAsync(other);

        await Assert.ThrowsAsync<LogTruncatedException>(() => writer.AppendAsync(SampleEntries.Entries(7, 1), None).AsTask());
    }

    [Fact]
    public async Task A_follower_receives_every_entry_across_a_restart_and_a_change_of_writer()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var other = await RedisStores.OpenAsync(_server, _prefix, "two");
        await using (var writer = await store.Log.OpenAsync(_task, 1, None))
        {
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 5), None);
            var received = FollowAsync(other, 2);
            for (var batch = 1; batch < 20; batch++)
                await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 5), None);

            await _server.RestartAsync();
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 5), None);
            await using var next = await other.Log.OpenAsync(_task, 2, None);
            await next.AppendAsync(SampleEntries.Entries(next.NextOffset, 3), None);
            await next.AppendAsync(new[] { new StreamEntry(next.NextOffset, DateTimeOffset.UnixEpoch, new(StreamEventKind.End)) }, None);

            Assert.Equal(Enumerable.Range(3, 107).Select(offset => (long)offset), await received.WaitAsync(RedisStores.Deadline));
        }
    }

    [Fact]
    public async Task A_follower_fails_when_the_log_is_deleted_or_has_lost_entries_that_were_read()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 2));
        await store.Log.AppendAsync(_task, SampleEntries.Entries(3, 2));
        await using var pages = store.Feed.FollowAsync(_task, 0, None).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        Assert.Equal(4, pages.Current.Span[^1].Offset);

        await RemoveLastAsync(1);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(3, 1, "another"), epoch: 2);
        await Assert.ThrowsAsync<LogNotFoundException>(() => pages.MoveNextAsync().AsTask().WaitAsync(RedisStores.Deadline));

        var deleted = store.Feed.FollowAsync(_task, 3, None).GetAsyncEnumerator();
        var next = deleted.MoveNextAsync().AsTask();
        await store.Log.DeleteAsync(_task, None);
        await Assert.ThrowsAsync<LogNotFoundException>(() => next.WaitAsync(RedisStores.Deadline));
    }

    private static async Task AppendBatchesAsync(IEventLogWriter writer, int batches, Random random)
    {
        for (var batch = 0; batch < batches; batch++)
            await writer.AppendAsync(Enumerable.Range(0, random.Next(1, 4)).Select(index => SampleEntries.Entry(writer.NextOffset + index, $"text {writer.NextOffset + index}")).ToArray(), None);
    }

    private async Task AppendConcurrentlyAsync(RedisStore store, int writer, int count)
    {
        var next = 2L;
        for (var number = 0; number < count;)
        {
            if (await store.Log.TryAppendAsync(_task, new[] { SampleEntries.Entry(next, $"{writer}:{number}") }, None))
                number++;

            next = (await store.Feed.GetLastAsync(_task, None))!.Value.Offset + 1;
        }
    }

    private static Task WhenAppendedAsync(RedisStore store, TaskId task, long offset) =>
        Wait.UntilAsync(async () => (await store.Feed.GetLastAsync(task, None))?.Offset ?? 0, last => last >= offset, RedisStores.Deadline, "the log's end");

    private async Task<List<long>> FollowAsync(RedisStore store, long offset)
    {
        List<long> offsets = [];
        await foreach (var page in store.Feed.FollowAsync(_task, offset, None))
            offsets.AddRange(page.ToArray().Select(entry => entry.Offset));

        return offsets;
    }

    /// <summary>Removes the last elements of the log, as a crash that loses the last second of writes does.</summary>
    private async Task RemoveLastAsync(int elements)
    {
        foreach (var line in (await _server.CliAsync("XREVRANGE", Key, "+", "-", "COUNT", $"{elements}")).Split('\n').Where(IsId))
            await _server.CliAsync("XDEL", Key, line);

        var last = (await _server.CliAsync("XREVRANGE", Key, "+", "-", "COUNT", "1")).Split('\n')[0];
        await _server.CliAsync("XSETID", Key, last);
    }

    private static bool IsId(string line) => line.Split('-') is [var epoch, var offset] && long.TryParse(epoch, out _) && long.TryParse(offset, out _);

    /// <summary>Closes the store's connections and waits until the store has a new one.</summary>
    private async Task ReconnectAsync(RedisStore store)
    {
        await _server.CliAsync("CLIENT", "KILL", "TYPE", "normal");

        // No append is pending, so the store connects again without an append that detects the loss.
        await Wait.UntilAsync(() => AnswersAsync(store), RedisStores.Deadline, "an answer");
    }

    private static async Task<bool> AnswersAsync(RedisStore store)
    {
        try
        {
            await store.CheckAsync(None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
