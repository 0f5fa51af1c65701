using StreamRelay.Logs;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis;

/// <summary>Waits for Redis while it is away.</summary>
internal static class Outage
{
    /// <summary>Tries again until the attempt succeeds or fails for another reason, or Redis has been away for too long.</summary>
    /// <exception cref="StoreUnavailableException">Redis was away for all of <paramref name="patience"/>.</exception>
    public static async Task<T> WaitOutAsync<T>(Func<Task<T>> attempt, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var failed = 0; ; failed++)
        {
            try
            {
                return await attempt();
            }
            catch (RedisUnavailableException exception)
            {
                if (time.GetElapsedTime(began) >= patience)
                    throw new StoreUnavailableException($"Redis has been away for {patience.TotalSeconds:0.#} s: {exception.Message}", exception);

                await Task.Delay(BackOff.Delay(failed), time, cancellationToken);
            }
        }
    }
}
