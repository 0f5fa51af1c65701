using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>Since when Redis has been there without a break. After one, nodes that live look silent until they could say something.</summary>
/// <param name="connection">The connection that all nodes are heard of by.</param>
/// <param name="break">How late an answer is that is as bad as none.</param>
/// <param name="time">The clock.</param>
internal sealed class Calm(RespConnection connection, TimeSpan @break, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _generation;
    private long _since = time.GetTimestamp();

    /// <summary>Whether it has lasted so long.</summary>
    public bool Lasts(TimeSpan duration)
    {
        lock (_lock)
        {
            Look();
            return time.GetElapsedTime(_since) >= duration;
        }
    }

    /// <summary>Asks Redis something, and notes whether it was there.</summary>
    public async Task<T> WatchAsync<T>(Func<Task<T>> ask, TimeSpan block = default)
    {
        var asked = time.GetTimestamp();
        try
        {
            return await ask();
        }
        catch (IOException exception) when (Outage.IsOne(exception))
        {
            // A refusal can be quick, and nobody is heard of as long as it lasts.
            Begin();
            throw;
        }
        finally
        {
            if (time.GetElapsedTime(asked) >= block + @break)
                Begin();
        }
    }

    private void Begin()
    {
        lock (_lock)
            _since = time.GetTimestamp();
    }

    private void Look()
    {
        if (connection.Generation == _generation)
            return;

        _generation = connection.Generation;
        _since = time.GetTimestamp();
    }
}
