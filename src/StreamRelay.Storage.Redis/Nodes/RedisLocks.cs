using StreamRelay.Agents;
using StreamRelay.Storage.Redis.Resp;

namespace StreamRelay.Storage.Redis;

/// <summary>A key that is there is a lock that is held; it goes by itself when its holder does.</summary>
internal sealed class RedisLocks(RespConnection connection, RedisKeys keys, TimeSpan outage, TimeProvider time) : INodeLocks
{
    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public async ValueTask<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken)
    {
        var key = keys.Lock(name);
        var holder = Guid.NewGuid().ToString("N");
        var take = RespCommand.Of("SET", key, holder, "NX", "PX", (long)Longest.TotalMilliseconds);
        while ((await Outage.WaitOutAsync(() => connection.SendAsync(take, cancellationToken), outage, time, cancellationToken)).IsNull)
            await Task.Delay(Pause, time, cancellationToken);

        return new Held(connection, RespCommand.Of("EVAL", Release, 1, key, holder));
    }

    private sealed class Held(RespConnection connection, RespCommand release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.SendAsync(release, CancellationToken.None);
            }
            catch (IOException)
            {
                // It goes by itself.
            }
        }
    }
}
