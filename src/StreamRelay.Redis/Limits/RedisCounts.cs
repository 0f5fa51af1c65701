using StackExchange.Redis;
using StreamRelay.Limits;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Limits;

/// <summary>A hash for each limit, with the number of each process. A process counts while it renews a key of its own, so that the number of one that has ended is forgotten.</summary>
internal sealed class RedisCounts(RedisConnection connection, BriefCommands commands, RedisKeys keys, TimeSpan lease) : ISharedCounts
{
    // ARGV: the process, what precedes the names of their keys, when a hash expires, 1 to count one more, and the limits. The reply is the numbers before.
    private const string Enter = """
        local sums, isReached = {}, false
        for i, key in ipairs(KEYS) do
          local sum, counts = 0, redis.call('HGETALL', key)
          for j = 1, #counts, 2 do
            if counts[j] == ARGV[1] or redis.call('EXISTS', ARGV[2] .. counts[j]) == 1 then
              sum = sum + tonumber(counts[j + 1])
            else
              redis.call('HDEL', key, counts[j])
            end
          end
          sums[i] = sum
          isReached = isReached or sum >= tonumber(ARGV[i + 4])
        end
        if isReached or ARGV[4] ~= '1' then return sums end
        for _, key in ipairs(KEYS) do
          redis.call('HINCRBY', key, ARGV[1], 1)
          redis.call('PEXPIRE', key, ARGV[3])
        end
        return sums
        """;

    private const string Exit = """
        for _, key in ipairs(KEYS) do
          if redis.call('HINCRBY', key, ARGV[1], -1) < 1 then redis.call('HDEL', key, ARGV[1]) end
        end
        return 0
        """;

    private readonly OwnCounts _own = new();
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly TimeSpan _keep = lease * 3;

    public async ValueTask<LimitScope?> EnterAsync(IReadOnlyList<LimitScope> scopes)
    {
        if (await RunAsync(scopes, isMore: true) is { } counts && scopes.Zip(counts).FirstOrDefault(one => one.Second >= one.First.Limit) is { First.What: not null } reached)
            return reached.First;

        // Without a reply Redis gets the number with the next renewal.
        _own.Change(Keys(scopes), 1);
        return null;
    }

    public void Leave(IReadOnlyList<LimitScope> scopes)
    {
        _own.Change(Keys(scopes), -1);
        _ = commands.TrySendAsync(database => database.ScriptEvaluateAsync(Exit, Keys(scopes), [_process])).AsTask();
    }

    public async ValueTask<IReadOnlyList<long>?> CountAsync(IReadOnlyList<LimitScope> scopes) => await RunAsync(scopes, isMore: false);

    /// <summary>Renews the key of this process, and writes its numbers, which Redis may have lost.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var own = _own.Read();
        await connection.SendAsync(
            database => Task.WhenAll([database.StringSetAsync(keys.Process(_process), "", lease), .. own.SelectMany(one => Write(database, one.Key, one.Count))]), cancellationToken);

        // Only now: what a number was before its 0 stays in Redis until the 0 is written.
        _own.Forget(own);
    }

    private async ValueTask<long[]?> RunAsync(IReadOnlyList<LimitScope> scopes, bool isMore)
    {
        RedisValue[] values = [_process, keys.Process(""), (long)_keep.TotalMilliseconds, isMore, .. scopes.Select(scope => (RedisValue)scope.Limit)];
        return await commands.TrySendAsync(database => LimitScript.RunAsync(database, Enter, Keys(scopes), values));
    }

    private RedisKey[] Keys(IEnumerable<LimitScope> scopes) => [.. scopes.Select(scope => (RedisKey)keys.Limit(scope))];

    private Task<bool>[] Write(IDatabase database, RedisKey key, long count) => count > 0
        ? [database.HashSetAsync(key, _process, count), database.KeyExpireAsync(key, _keep)]
        : [database.HashDeleteAsync(key, _process)];
}
