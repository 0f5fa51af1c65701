using StreamRelay.Redis.Limits;

namespace StreamRelay.Redis.Nodes;

/// <summary>What a node counts in Redis while it lives.</summary>
internal sealed class NodeCounts(RedisReaderDirectory readers, RedisCounts limits)
{
    /// <summary>Extends the life of the numbers, and writes again what Redis has lost.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await readers.RenewAsync(cancellationToken);
        await limits.RenewAsync(cancellationToken);
    }
}
