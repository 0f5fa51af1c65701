using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Log;

/// <summary>A log while its server dies, comes back, and forgets.</summary>
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
    public async Task A_server_that_is_killed_while_it_is_written_to_has_every_entry_once()
    {
        foreach (var seed in Seeds.Take(3))
        {
            var random = new Random(seed);
            var task = SampleEntries.NewTask();
            await using var store = await RedisStores.OpenAsync(_server, _prefix);
            await using var writer = await store.Log.OpenAsync(task, 1, None);
            var writing = AppendAsync(writer, 400, random);
            for (var kill = 0; kill < 3; kill++)
            {
                await WhenAsync(store, task, (kill + 1) * 100);
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
    public async Task Many_that_append_together_while_the_server_is_killed_lose_nothing_and_repeat_nothing()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 1));
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => AppendTogetherAsync(store, writer, 30))));
        for (var kill = 0; kill < 3; kill++)
        {
            await WhenAsync(store, _task, (kill + 1) * 40);
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
    public async Task What_the_server_has_forgotten_its_writer_writes_again_with_the_same_bytes(int forgotten)
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var writer = await store.Log.OpenAsync(_task, 1, None);
        for (var batch = 0; batch < 5; batch++)
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 2), None);

        var before = await _server.CliAsync("XRANGE", Key, "-", "+");
        await ForgetAsync(forgotten);
        await ReconnectAsync(store);
        await writer.AppendAsync(SampleEntries.Entries(11, 1), None);

        Assert.StartsWith(before, await _server.CliAsync("XRANGE", Key, "-", "+"));
        Assert.Equal(11, (await store.Log.ReadAllAsync(_task)).Count);
    }

    [Fact]
    public async Task A_log_that_has_lost_what_nobody_can_write_again_is_not_gone_on_with()
    {
        // By a node that is gone: one that lives would write it again.
        await using (var store = await RedisStores.OpenAsync(_server, _prefix))
        {
            for (var first = 1; first <= 5; first += 2)
                await store.Log.AppendAsync(_task, SampleEntries.Entries(first, 2));
        }

        await using var other = await RedisStores.OpenAsync(_server, _prefix, "two");
        await using var writer = await other.Log.OpenAsync(_task, 2, None);
        await ForgetAsync(3);
        await ReconnectAsync(other);

        await Assert.ThrowsAsync<IOException>(() => writer.AppendAsync(SampleEntries.Entries(7, 1), None).AsTask());
    }

    [Fact]
    public async Task A_follower_sees_what_others_write_over_a_restart_and_a_takeover_up_to_the_end()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await using var other = await RedisStores.OpenAsync(_server, _prefix, "two");
        await using (var writer = await store.Log.OpenAsync(_task, 1, None))
        {
            var seen = FollowAsync(other, 2);
            for (var batch = 0; batch < 20; batch++)
                await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 5), None);

            await _server.RestartAsync();
            await writer.AppendAsync(SampleEntries.Entries(writer.NextOffset, 5), None);
            await using var next = await other.Log.OpenAsync(_task, 2, None);
            await next.AppendAsync(SampleEntries.Entries(next.NextOffset, 3), None);
            await next.AppendAsync(new[] { new StreamEntry(next.NextOffset, DateTimeOffset.UnixEpoch, new(StreamEventKind.End)) }, None);

            Assert.Equal(Enumerable.Range(3, 107).Select(offset => (long)offset), await seen.WaitAsync(RedisStores.Deadline));
        }
    }

    [Fact]
    public async Task A_follower_is_told_when_the_log_is_deleted_and_when_it_has_lost_what_was_read()
    {
        await using var store = await RedisStores.OpenAsync(_server, _prefix);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 2));
        await store.Log.AppendAsync(_task, SampleEntries.Entries(3, 2));
        await using var pages = store.Feed.FollowAsync(_task, 0, None).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        Assert.Equal(4, pages.Current.Span[^1].Offset);

        await ForgetAsync(1);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(3, 1, "another"), epoch: 2);
        await Assert.ThrowsAsync<LogNotFoundException>(() => pages.MoveNextAsync().AsTask().WaitAsync(RedisStores.Deadline));

        var deleted = store.Feed.FollowAsync(_task, 3, None).GetAsyncEnumerator();
        var next = deleted.MoveNextAsync().AsTask();
        await store.Log.DeleteAsync(_task, None);
        await Assert.ThrowsAsync<LogNotFoundException>(() => next.WaitAsync(RedisStores.Deadline));
    }

    private static async Task AppendAsync(IEventLogWriter writer, int batches, Random random)
    {
        for (var batch = 0; batch < batches; batch++)
            await writer.AppendAsync(Enumerable.Range(0, random.Next(1, 4)).Select(index => SampleEntries.Entry(writer.NextOffset + index, $"text {writer.NextOffset + index}")).ToArray(), None);
    }

    private async Task AppendTogetherAsync(RedisStore store, int writer, int count)
    {
        var next = 2L;
        for (var number = 0; number < count;)
        {
            if (await store.Log.TryAppendAsync(_task, new[] { SampleEntries.Entry(next, $"{writer}:{number}") }, None))
                number++;

            next = (await store.Feed.GetLastAsync(_task, None))!.Value.Offset + 1;
        }
    }

    private static Task WhenAsync(RedisStore store, TaskId task, long offset) =>
        Wait.UntilAsync(async () => (await store.Feed.GetLastAsync(task, None))?.Offset ?? 0, last => last >= offset, RedisStores.Deadline, "the log's end");

    private async Task<List<long>> FollowAsync(RedisStore store, long offset)
    {
        List<long> seen = [];
        await foreach (var page in store.Feed.FollowAsync(_task, offset, None))
            seen.AddRange(page.ToArray().Select(entry => entry.Offset));

        return seen;
    }

    /// <summary>Removes the last elements, as a server that lost its last second has.</summary>
    private async Task ForgetAsync(int elements)
    {
        foreach (var line in (await _server.CliAsync("XREVRANGE", Key, "+", "-", "COUNT", $"{elements}")).Split('\n').Where(IsId))
            await _server.CliAsync("XDEL", Key, line);

        var last = (await _server.CliAsync("XREVRANGE", Key, "+", "-", "COUNT", "1")).Split('\n')[0];
        await _server.CliAsync("XSETID", Key, last);
    }

    private static bool IsId(string line) => line.Split('-') is [var epoch, var offset] && long.TryParse(epoch, out _) && long.TryParse(offset, out _);

    /// <summary>Cuts the store's connections, as the server's end does.</summary>
    private async Task ReconnectAsync(RedisStore store)
    {
        await _server.CliAsync("CLIENT", "KILL", "TYPE", "normal");

        // Back on another connection, with nothing in flight that would tell of the loss.
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
