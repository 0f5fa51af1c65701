using StackExchange.Redis;

namespace StreamRelay.Storage.Tests;

internal static class RedisResults
{
    public static RedisResult[] ToArray(this RedisResult result) => (RedisResult[])result!;
}
