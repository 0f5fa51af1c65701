using StreamRelay.Postgres;
using StreamRelay.Redis;

namespace StreamRelay.Cluster.Operations;

/// <summary>Distinguishes an outage of the shared stores from a failure of a single message.</summary>
internal sealed class SharedStoreProbe(PostgresStore postgres, RedisStore redis, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The reason why the shared stores do not answer, or <see langword="null"/> when they do.</summary>
    public async ValueTask<string?> FindOutageAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            await Task.WhenAll(postgres.CheckAsync(timeout.Token), redis.CheckAsync(timeout.Token));
            return null;
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return $"The shared stores did not answer within {Timeout.TotalSeconds:0} s.";
        }
    }
}
