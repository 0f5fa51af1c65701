using System.Net.Sockets;
using Npgsql;
using StreamRelay.Logs;

namespace StreamRelay.Postgres;

/// <summary>Runs work on a connection. While the server is away, the work is tried again for half a minute.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Connections as they are, without a second try.</summary>
    public NpgsqlDataSource Source => source;

    /// <summary>Does the work once, whole: on a lost connection it is begun anew on another one.</summary>
    /// <param name="work">Gets a connection, and whether an earlier try may have taken effect although its reply was lost.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    /// <exception cref="IOException">The server was not reachable for too long, or refused the work.</exception>
    public async ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, bool, Task<T>> work, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var lost = false;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                var earlierLost = lost;
                lost = true;
                return await work(connection, earlierLost);
            }
            catch (NpgsqlException exception)
            {
                ThrowUnlessPassing(exception, time.GetElapsedTime(begun));
            }

            await Task.Delay(Pause(attempt), time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void ThrowUnlessPassing(NpgsqlException exception, TimeSpan tried)
    {
        if (!IsPassing(exception))
            throw new IOException($"PostgreSQL failed: {exception.Message}", exception);
        if (tried >= Patience)
            throw new StoreUnavailableException($"PostgreSQL is not reachable: {exception.Message}", exception);

        // A primary that became a standby keeps its connections; new ones may lead to its successor.
        if (exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            source.Clear();
    }

    /// <summary>Whether the same work can succeed a moment later.</summary>
    private static bool IsPassing(NpgsqlException exception) => exception is PostgresException refusal
        ? refusal.SqlState.StartsWith("08", StringComparison.Ordinal) || refusal.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        : exception.InnerException is IOException or SocketException or TimeoutException or AggregateException;

    private static TimeSpan Pause(int attempt)
    {
        var longest = ShortestPause * Math.Pow(2, Math.Min(attempt, 10));
        return (longest < LongestPause ? longest : LongestPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
