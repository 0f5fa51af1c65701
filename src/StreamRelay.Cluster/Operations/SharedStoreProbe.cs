using StreamRelay.Postgres;
using StreamRelay.Redis;


namespace StreamRelay.Cluster.Operations;

/// <summary>Tells a store that is away, which fails everything, from one that refuses something.</summary>
internal sealed class SharedStoreProbe(PostgresStore postgres, RedisStore redis, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Why the shared stores do not answer; <see langword="null"/> when they do.</summary>
    public async ValueTask<string?> WhyAwayAsync()
    {
        using var timeout = new CancellationTokenSource(Patience, time);
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
            return $"The shared stores did not answer within {Patience.TotalSeconds:0} s.";
        }
    }
}
