using StreamRelay.Logs;
using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>Tells an outage of Redis, which ends, from a refusal, which does not.</summary>
internal static class Outage
{
    /// <summary>Whether the same may work in a moment.</summary>
    public static bool IsOne(Exception exception) => exception is RespUnavailableException or RespConnectionLostException or RespProtocolException
        or RespErrorException { Code: "LOADING" or "BUSY" or "TRYAGAIN" or "MASTERDOWN" or "CLUSTERDOWN" or "READONLY" or "UNBLOCKED" or "NOREPLICAS" or "MISCONF" or "OOM" };

    /// <summary>Tries again until it works, fails for good, or Redis has been away for too long.</summary>
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
            catch (Exception exception) when (IsOne(exception))
            {
                if (time.GetElapsedTime(began) >= patience)
                    throw new StoreUnavailableException($"Redis has been away for {patience.TotalSeconds:0.#} s: {exception.Message}", exception);

                await Task.Delay(RespBackOff.Delay(failed), time, cancellationToken);
            }
        }
    }
}
