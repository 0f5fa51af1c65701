using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>The time between attempts to connect again: it grows from a fifth of a second to two seconds, and ends an attempt that takes longer.</summary>
internal sealed class ReconnectPolicy : IReconnectRetryPolicy
{
    private const double FirstMilliseconds = 200;
    private const double LongestMilliseconds = 2_000;
    private const double Growth = 1.5;

    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry) =>
        timeElapsedMillisecondsSinceLastRetry >= Math.Min(LongestMilliseconds, FirstMilliseconds * Math.Pow(Growth, currentRetryCount));
}
