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

    /// <summary>All numbers, with those that have become 0.</summary>
    public IReadOnlyList<(RedisKey Key, long Count)> Read()
    {
        lock (_lock)
            return [.. _counts.Select(count => (count.Key, count.Value))];
    }

    /// <summary>Forgets the numbers that were 0 and still are.</summary>
    public void Forget(IReadOnlyList<(RedisKey Key, long Count)> written)
    {
        lock (_lock)
        {
            foreach (var (key, _) in written.Where(one => one.Count <= 0 && _counts.GetValueOrDefault(one.Key) <= 0))
                _counts.Remove(key);
        }
    }
}
