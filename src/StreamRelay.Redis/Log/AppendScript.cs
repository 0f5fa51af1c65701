using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Log;

/// <summary>
/// Appends an element to a stream if the newest element is the expected one, and publishes its id. Comparing with the predecessor makes an append
/// safe on every connection and at every time: one that arrives late, or at a server that has lost the end of the log, changes nothing.
/// </summary>
internal static class AppendScript
{
    // The reply is nil for an append, else the id of the newest element: "" without a stream.
    private const string Text = """
        local top = redis.pcall('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
        if top.err then return top end
        if not top[1] then return '' end
        if top[1][1] ~= ARGV[1] then return top[1][1] end
        local added
        if ARGV[6] then
          added = redis.pcall('XADD', KEYS[1], ARGV[2], ARGV[3], ARGV[4], 'by', ARGV[6])
        else
          added = redis.pcall('XADD', KEYS[1], ARGV[2], ARGV[3], ARGV[4])
        end
        if type(added) == 'table' then return added end
        if ARGV[5] ~= '0' then redis.pcall('PEXPIRE', KEYS[1], ARGV[5]) end
        redis.pcall('PUBLISH', KEYS[1], ARGV[2])
        return false
        """;

    private static readonly byte[] Hash = HashOf(Text);

    /// <summary>Appends <paramref name="element"/> if <paramref name="previous"/> is the newest element.</summary>
    /// <returns><see langword="false"/> when another element is the newest one, or there is no stream.</returns>
    public static async Task<bool> TryRunAsync(
        RedisConnection connection, RedisKey key, EntryId previous, LogElement element, TimeSpan keep, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [key];
        var expiry = element.IsLast ? (long)keep.TotalMilliseconds : 0;
        RedisValue[] values = element.Writer.IsEmpty
            ? [previous.ToString(), element.Id.ToString(), element.Field, element.Bytes, expiry]
            : [previous.ToString(), element.Id.ToString(), element.Field, element.Bytes, expiry, element.Writer];
        try
        {
            return (await connection.SendAsync(database => database.ScriptEvaluateAsync(Hash, keys, values), cancellationToken)).IsNull;
        }
        catch (RedisRefusedException refusal) when (refusal.Code == "NOSCRIPT")
        {
            // The server was started anew: it did nothing, and knows the script from now on.
            return (await connection.SendAsync(database => database.ScriptEvaluateAsync(Text, keys, values), cancellationToken)).IsNull;
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by this hash, which protects nothing.")]
    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
