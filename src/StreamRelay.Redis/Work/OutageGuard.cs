using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Work;

/// <summary>Measures for how long Redis has been available without a break. After a break, nodes that live look silent until they could renew their keys.</summary>
/// <param name="connection">The connection on which nodes are looked up.</param>
/// <param name="tolerance">A reply that comes later than this counts as a break.</param>
/// <param name="time">The clock.</param>
internal sealed class OutageGuard(RedisConnection connection, TimeSpan tolerance, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _generation;
    private long _since = time.GetTimestamp();

    /// <summary>Whether there was no break for this time.</summary>
    public bool HasLasted(TimeSpan duration)
    {
        lock (_lock)
        {
            if (connection.Generation != _generation)
            {
                _generation = connection.Generation;
                _since = time.GetTimestamp();
            }

            return time.GetElapsedTime(_since) >= duration;
        }
    }

    /// <summary>Runs a command, and records a break if it fails or takes too long.</summary>
    /// <param name="command">Sends the command.</param>
    /// <param name="block">How long the server may block the command.</param>
    public async Task<T> WatchAsync<T>(Func<Task<T>> command, TimeSpan block = default)
    {
        var sent = time.GetTimestamp();
        try
        {
            return await command();
        }
        catch (RedisUnavailableException)
        {
            // A refusal can be quick, and no node can renew its key as long as it lasts.
            Restart();
            throw;
        }
        finally
        {
            if (time.GetElapsedTime(sent) >= block + tolerance)
                Restart();
        }
    }

    private void Restart()
    {
        lock (_lock)
            _since = time.GetTimestamp();
    }
}
