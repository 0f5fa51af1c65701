using StreamRelay.Cluster;
using StreamRelay.Redis.Resp;

namespace StreamRelay.Redis;

/// <summary>A key that is there is a lock that is held; it goes by itself when its holder does.</summary>
internal sealed class RedisLocks(RespConnection connection, RedisKeys keys, TimeSpan outage, TimeProvider time) : INodeLocks
{
    // Asked again after a lost reply, it may be held already: by the same holder.
    private const string Take = "local held = redis.call('GET', KEYS[1]) if held and held ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";
    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public async ValueTask<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken)
    {
        var key = keys.Lock(name);
        var holder = Guid.NewGuid().ToString("N");
        var take = RespCommand.Of("EVAL", Take, 1, key, holder, (long)Longest.TotalMilliseconds);
        var held = new Held(connection, RespCommand.Of("EVAL", Release, 1, key, holder));
        try
        {
            while ((await Outage.WaitOutAsync(() => connection.SendAsync(take, cancellationToken), outage, time, cancellationToken)).AsLong() == 0)
                await Task.Delay(Pause, time, cancellationToken);

            return held;
        }
        catch
        {
            // It may be held all the same.
            _ = held.DisposeAsync().AsTask();
            throw;
        }
    }

    private sealed class Held(RespConnection connection, RespCommand release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.SendAsync(release, CancellationToken.None);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // It goes by itself.
            }
        }
    }
}
