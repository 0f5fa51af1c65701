using StackExchange.Redis;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Limits;

/// <summary>Sends commands that are not worth waiting for: while Redis does not answer, a node counts alone. Safe to use from any thread.</summary>
internal sealed class BriefCommands(RedisConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    // Requests do not wait one after the other for a server that does not answer.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _failedAt = time.GetTimestamp() - (long)(Pause.TotalSeconds * time.TimestampFrequency);

    /// <summary>Sends a command.</summary>
    /// <param name="send">Calls the command; it must not block.</param>
    /// <returns><see langword="null"/> when Redis did not answer within a second, has not answered a moment ago, or refuses. The command may have taken effect all the same.</returns>
    public async ValueTask<T?> TrySendAsync<T>(Func<IDatabase, Task<T>> send)
        where T : class
    {
        if (!connection.IsConnected || time.GetElapsedTime(Volatile.Read(ref _failedAt)) < Pause)
            return null;

        try
        {
            return await connection.SendAsync(send, CancellationToken.None).WaitAsync(Longest, time);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref _failedAt, time.GetTimestamp());
            return null;
        }
    }
}
