using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Log;

/// <summary>Tests two stores under load while the server kills their connections at random, for three seconds.</summary>
public sealed class ConnectionKillTests
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task No_entry_is_lost_or_duplicated_while_connections_are_killed_repeatedly()
    {
        await using var server = await RedisServer.StartAsync();
        var prefix = SharedRedis.NewPrefix();
        await using var one = await RedisStores.OpenAsync(server, prefix, "one");
        await using var two = await RedisStores.OpenAsync(server, prefix, "two");
        var load = await RedisLoad.StartAsync(one, two);

        foreach (var seed in Seeds.Take(1))
        {
            var random = new Random(seed);
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < Round;)
            {
                await server.CliAsync("CLIENT", "KILL", "TYPE", random.Next(3) == 0 ? "pubsub" : "normal");
                await load.WhenAppendedAsync(random.Next(1, 30));
            }
        }

        await load.EndAsync();
    }
}
