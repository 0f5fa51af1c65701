using StackExchange.Redis;

namespace StreamRelay.Redis.Limits;

/// <summary>A script that replies with a number for each of its keys.</summary>
internal static class LimitScript
{
    /// <summary>Runs the script.</summary>
    /// <exception cref="FormatException">The reply is something else.</exception>
    public static async Task<long[]> RunAsync(IDatabase database, string script, RedisKey[] keys, RedisValue[] values) =>
        (long[]?)await database.ScriptEvaluateAsync(script, keys, values) is { } numbers && numbers.Length == keys.Length
            ? numbers
            : throw new FormatException("The reply does not have a number for each limit.");
}
