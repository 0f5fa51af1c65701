using StackExchange.Redis;

namespace StreamRelay.Redis.Limits;

/// <summary>The numbers of this process. Safe to use from any thread.</summary>
internal sealed class OwnCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RedisKey, long> _counts = [];

    /// <summary>Changes numbers.</summary>
    public void Change(IEnumerable<RedisKey> keys, int by)
    {
        lock (_lock)
        {
            foreach (var key in keys)
                _counts[key] = _counts.GetValueOrDefault(key) + by;
        }
    }

    /// <summary>All numbers, the last time with those that are 0.</summary>
    public IReadOnlyList<(RedisKey Key, long Count)> Take()
    {
        lock (_lock)
        {
            (RedisKey, long)[] taken = [.. _counts.Select(count => (count.Key, count.Value))];
            foreach (var (key, count) in taken)
            {
                if (count <= 0)
                    _counts.Remove(key);
            }

            return taken;
        }
    }
}
