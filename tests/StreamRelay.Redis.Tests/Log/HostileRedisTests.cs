using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Limits;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Redis.Limits;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Log;

/// <summary>Replies of Redis that were changed on their way: an operation succeeds or fails as the store says, and everything is whole when they are right again.</summary>
public sealed class HostileRedisTests
{
    private const int Entries = 3;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_reply_that_was_changed_costs_no_acknowledged_entry_and_no_other_operation()
    {
        using var proxy = new HostileRedis((await SharedRedis.GetAsync()).Port);
        await using var store = RedisStore.Create(
            proxy.Address, new() { Prefix = SharedRedis.NewPrefix(), Node = "one" }, RedisStores.Times, TimeProvider.System, NullLoggerFactory.Instance);
        await store.ConnectAsync(None);
        foreach (var seed in Seeds.Take(25))
        {
            var task = SampleEntries.NewTask();
            proxy.Change(seed, replies: 1 + (seed % 3));
            var isAppended = await TryAsync(seed, () => store.Log.AppendAsync(task, SampleEntries.Entries(1, Entries)));
            await TryAsync(seed, () => store.Log.ReadAllAsync(task));
            await TryAsync(seed, () => store.Feed.GetLastAsync(task, None).AsTask());
            await TryAsync(seed, () => store.Work.TakeAsync(1, None).AsTask());
            proxy.Change(seed, replies: 0);

            if (isAppended)
                Assert.Equal(SampleEntries.Entries(1, Entries).Select(entry => entry.Text()), (await ReadAsync(store, task)).Select(entry => entry.Text()));
        }

        Assert.NotEqual(0, proxy.Changed);
    }

    [Fact]
    public async Task A_reply_about_limits_that_was_changed_is_a_number_for_each_or_no_answer()
    {
        using var proxy = new HostileRedis((await SharedRedis.GetAsync()).Port);
        await using var connection = new RedisConnection(RedisConnectionString.Parse(proxy.Address), "test", TimeProvider.System, NullLogger.Instance);
        var keys = new RedisKeys(SharedRedis.NewPrefix());
        LimitScope[] scopes = [new("requests", LimitScope.OfKey, "k", 1_000_000), new("requests", LimitScope.OfOwner, "ann", 1_000_000)];
        Func<BriefCommands, ValueTask<IReadOnlyList<long>?>>[] reads =
        [
            commands => new RedisRates(commands, keys).TakeAsync(scopes, 1),
            commands => new RedisCounts(connection, commands, keys, RedisStores.Deadline).CountAsync(scopes),
            commands => new RedisSums(commands, keys).ReadAsync(["a", "b"]),
        ];
        var unanswered = 0;
        foreach (var seed in Seeds.Take(25))
        {
            foreach (var read in reads)
            {
                await Wait.UntilAsync(() => TryAsync(seed, () => connection.SendAsync(database => database.PingAsync(), None)), RedisStores.Deadline, "the connection");
                proxy.Change(seed, replies: 1);
                var numbers = await read(new(connection, TimeProvider.System));
                proxy.Change(seed, replies: 0);

                Assert.Equal(2, numbers?.Count ?? 2);
                unanswered += numbers is null ? 1 : 0;
            }
        }

        Assert.True(proxy.Changed > 0 && unanswered > 0, $"{proxy.Changed} replies were changed, and {unanswered} were no answers.");
    }

    private static Task<List<Events.StreamEntry>> ReadAsync(RedisStore store, TaskId task) => store.Log.ReadAllAsync(task).WaitAsync(RedisStores.Deadline);

    /// <returns>Whether it succeeded.</returns>
    private static async Task<bool> TryAsync(int seed, Func<Task> operation)
    {
        try
        {
            await operation().WaitAsync(RedisStores.Deadline);
            return true;
        }
        catch (Exception exception) when (exception is IOException or StaleEpochException)
        {
            return false;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}", exception);
        }
    }
}
