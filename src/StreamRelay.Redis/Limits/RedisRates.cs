using StackExchange.Redis;
using StreamRelay.Limits;

namespace StreamRelay.Redis.Limits;

/// <summary>A key for each rate, which expires when everything that was taken has come back: the time that it has left is what was taken, and needs no clock that the nodes share.</summary>
internal sealed class RedisRates(BriefCommands commands, RedisKeys keys) : ISharedRates
{
    // A key expires at a whole millisecond; its value is how much later that is than exact. ARGV[1] is the amount, the others are the limits of a minute.
    private const string Take = """
        local left, debts, isRefused = {}, {}, false
        for i, key in ipairs(KEYS) do
          local each = 60000 / tonumber(ARGV[i + 1])
          local debt = math.max(0, redis.call('PTTL', key) - tonumber(redis.call('GET', key) or 0))
          local room = math.floor((60000 - debt) / each + 0.000001)
          left[i] = room - ARGV[1]
          debts[i] = debt + ARGV[1] * each
          if left[i] < 0 then
            left[i] = -1
            isRefused = true
          end
        end
        if isRefused or ARGV[1] == '0' then return left end
        for i, key in ipairs(KEYS) do
          local whole = math.ceil(debts[i])
          redis.call('SET', key, tostring(whole - debts[i]), 'PX', whole)
        end
        return left
        """;

    public async ValueTask<IReadOnlyList<long>?> TakeAsync(IReadOnlyList<LimitScope> scopes, int amount)
    {
        RedisKey[] rates = [.. scopes.Select(scope => (RedisKey)keys.Limit(scope))];
        RedisValue[] values = [amount, .. scopes.Select(scope => (RedisValue)scope.Limit)];
        return await commands.TrySendAsync(database => LimitScript.RunAsync(database, Take, rates, values));
    }
}
