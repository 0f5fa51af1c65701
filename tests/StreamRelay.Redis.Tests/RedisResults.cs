using StackExchange.Redis;

namespace StreamRelay.Redis;

internal static class RedisResults
{
    public static RedisResult[] ToArray(this RedisResult result) => (RedisResult[])result!;
}
