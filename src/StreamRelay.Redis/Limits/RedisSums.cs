using StackExchange.Redis;
using StreamRelay.Limits;

namespace StreamRelay.Redis.Limits;

/// <summary>A number for each sum, which expires when the sum ends.</summary>
internal sealed class RedisSums(BriefCommands commands, RedisKeys keys) : ISharedSums
{
    private readonly Lock _lock = new();
    private Dictionary<string, (long Amount, DateTimeOffset Until)> _waiting = [];

    public void Add(IReadOnlyList<string> names, long amount, DateTimeOffset until)
    {
        Wait(names.Select(name => (name, amount, until)));
        _ = SendAsync();
    }

    public async ValueTask<IReadOnlyList<long>?> ReadAsync(IReadOnlyList<string> names)
    {
        await SendAsync();
        RedisKey[] sums = [.. names.Select(name => (RedisKey)keys.Sum(name))];
        return await commands.TrySendAsync(database => ReadAsync(database, sums));
    }

    private static async Task<long[]> ReadAsync(IDatabase database, RedisKey[] sums) =>
        await database.StringGetAsync(sums) is { } values && values.Length == sums.Length
            ? Array.ConvertAll(values, static sum => (long)sum)
            : throw new FormatException("The reply does not have a number for each sum.");

    private async Task SendAsync()
    {
        if (TakeWaiting() is not { Count: > 0 } sums)
            return;

        // An addition whose reply is lost is made again, so that a limit is rather reached too early.
        if (await commands.TrySendAsync(database => Task.WhenAll(sums.Select(sum => AddAsync(database, sum.Key, sum.Value.Amount, sum.Value.Until)))) is null)
            Wait(sums.Select(sum => (sum.Key, sum.Value.Amount, sum.Value.Until)));
    }

    private async Task<bool> AddAsync(IDatabase database, string name, long amount, DateTimeOffset until)
    {
        var key = (RedisKey)keys.Sum(name);
        var added = database.StringIncrementAsync(key, amount);
        var expires = database.KeyExpireAsync(key, until.UtcDateTime);
        await added;
        return await expires;
    }

    private void Wait(IEnumerable<(string Name, long Amount, DateTimeOffset Until)> sums)
    {
        lock (_lock)
        {
            foreach (var (name, amount, until) in sums)
                _waiting[name] = (_waiting.GetValueOrDefault(name).Amount + amount, until);
        }
    }

    private Dictionary<string, (long Amount, DateTimeOffset Until)> TakeWaiting()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }
}
