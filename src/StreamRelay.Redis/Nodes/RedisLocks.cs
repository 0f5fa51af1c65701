using StackExchange.Redis;
using StreamRelay.Cluster;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Nodes;

/// <summary>A key that exists is a lock that is held; it expires when its holder has ended.</summary>
internal sealed class RedisLocks(RedisConnections connections, RedisKeys keys, TimeSpan outage) : INodeLocks
{
    // A holder that asks again after a lost reply may hold it already.
    private const string Take = "local held = redis.call('GET', KEYS[1]) if held and held ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";
    private const string Release = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public async ValueTask<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken)
    {
        var held = new HeldLock(connections.Commands, keys.Lock(name), Guid.NewGuid().ToString("N"));
        try
        {
            while (!await Outage.WaitOutAsync(() => held.TryTakeAsync(cancellationToken), outage, connections.Time, cancellationToken))
                await Task.Delay(Pause, connections.Time, cancellationToken);

            return held;
        }
        catch
        {
            // The lock may have been taken by an attempt without a reply.
            _ = held.DisposeAsync().AsTask();
            throw;
        }
    }

    private sealed class HeldLock(RedisConnection connection, RedisKey key, RedisValue holder) : IAsyncDisposable
    {
        public async Task<bool> TryTakeAsync(CancellationToken cancellationToken) =>
            (bool)await connection.SendAsync(database => database.ScriptEvaluateAsync(Take, [key], [holder, (long)Longest.TotalMilliseconds]), cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.SendAsync(database => database.ScriptEvaluateAsync(Release, [key], [holder]), CancellationToken.None);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The key expires.
            }
        }
    }
}
