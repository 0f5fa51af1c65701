using System.Net.Sockets;
using Npgsql;
using StreamRelay.Logs;

namespace StreamRelay.Postgres;

/// <summary>Runs work on a connection. While the server is not available, the work is repeated for up to 30 s.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    /// <summary>The data source, for work that is not repeated.</summary>
    public NpgsqlDataSource Source => source;

    /// <summary>Runs the work until it succeeds. After a lost connection the whole work runs again on another connection.</summary>
    /// <param name="work">The work. It receives a connection, and whether an earlier attempt may have taken effect although its reply was lost.</param>
    /// <param name="cancellationToken">Cancels the work and its repetition.</param>
    /// <exception cref="IOException">The server was not available for 30 s, or rejected the work.</exception>
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
                ThrowUnlessTransient(exception, time.GetElapsedTime(begun));
            }

            await Task.Delay(Pause(attempt), time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void ThrowUnlessTransient(NpgsqlException exception, TimeSpan elapsed)
    {
        if (!IsTransient(exception))
            throw new IOException($"PostgreSQL failed: {exception.Message}", exception);
        if (elapsed >= RetryDuration)
            throw new StoreUnavailableException($"PostgreSQL is not reachable: {exception.Message}", exception);

        // A primary that became a standby keeps its connections. New connections may reach the new primary.
        if (exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            source.Clear();
    }

    /// <summary>Whether a repetition of the work may succeed.</summary>
    private static bool IsTransient(NpgsqlException exception) => exception is PostgresException error
        ? error.SqlState.StartsWith("08", StringComparison.Ordinal) || error.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        : exception.InnerException is IOException or SocketException or TimeoutException or AggregateException;

    private static TimeSpan Pause(int attempt)
    {
        var pause = MinPause * Math.Pow(2, Math.Min(attempt, 10));
        return (pause < MaxPause ? pause : MaxPause) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
