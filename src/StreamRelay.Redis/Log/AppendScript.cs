using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Log;

/// <summary>
/// Appends an element to a stream if the newest element is the expected one, and publishes it. Comparing with the predecessor makes an append
/// safe on every connection and at every time: one that arrives late, or at a server that has lost the end of the log, changes nothing.
/// </summary>
/// <remarks>A writer that knows the number of elements compares that number instead, which costs no read. Redis refuses an id that is not above the newest one,
/// so that a log of this length whose newest element is another one belongs to a higher epoch and refuses the append.</remarks>
internal static class AppendScript
{
    /// <summary>The largest batch that is published with its id, in bytes. Followers read a larger one from the log.</summary>
    public const int MostPublishedBytes = 4096;

    // The reply is the number of elements after an append, else 0. A writer that shares the log compares the id: others may append as many elements as were lost.
    private static readonly string Text = $"""
        local length = redis.pcall('XLEN', KEYS[1])
        if type(length) == 'table' then return length end
        if length ~= tonumber(ARGV[2]) then
          local top = redis.pcall('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
          if top.err then return top end
          if not top[1] or top[1][1] ~= ARGV[1] then return 0 end
        end
        local added
        if ARGV[7] then
          added = redis.pcall('XADD', KEYS[1], ARGV[3], ARGV[4], ARGV[5], 'by', ARGV[7])
        else
          added = redis.pcall('XADD', KEYS[1], ARGV[3], ARGV[4], ARGV[5])
        end
        if type(added) == 'table' then return added end
        if ARGV[6] ~= '0' then redis.pcall('PEXPIRE', KEYS[1], ARGV[6]) end
        local message = ARGV[3]
        if #ARGV[5] <= {MostPublishedBytes} then message = message .. ' ' .. ARGV[4] .. ' ' .. ARGV[5] end
        redis.pcall('PUBLISH', KEYS[1], message)
        return length + 1
        """;

    private static readonly byte[] Hash = HashOf(Text);

    /// <summary>Appends <paramref name="element"/> if <paramref name="previous"/> is the newest element.</summary>
    /// <returns>The top after the append; <see langword="null"/> when another element is the newest one, or there is no stream.</returns>
    public static async Task<LogTop?> TryRunAsync(
        RedisConnection connection, RedisKey key, LogTop previous, LogElement element, TimeSpan keep, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [key];
        var expiry = element.IsLast ? (long)keep.TotalMilliseconds : 0;
        RedisValue[] values = element.Writer.IsEmpty
            ? [previous.Id.ToString(), previous.Length, element.Id.ToString(), element.Field, element.Bytes, expiry]
            : [previous.Id.ToString(), previous.Length, element.Id.ToString(), element.Field, element.Bytes, expiry, element.Writer];
        try
        {
            var length = await RunAsync(connection, keys, values, cancellationToken);
            return length > 0 ? new(element.Id, length) : null;
        }
        catch (RedisRefusedException refusal) when (refusal.IsIdTooLow)
        {
            return null;
        }
    }

    private static async Task<long> RunAsync(RedisConnection connection, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(async database => (long)await database.ScriptEvaluateAsync(Hash, keys, values), cancellationToken);
        }
        catch (RedisRefusedException refusal) when (refusal.Code == "NOSCRIPT")
        {
            // The server was started anew: it did nothing, and knows the script from now on.
            return await connection.SendAsync(async database => (long)await database.ScriptEvaluateAsync(Text, keys, values), cancellationToken);
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by this hash, which protects nothing.")]
    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
