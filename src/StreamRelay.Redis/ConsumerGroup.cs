using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis;

/// <summary>Creates consumer groups.</summary>
internal static class ConsumerGroup
{
    /// <summary>Creates the stream and the group, which begins with the first element, unless they exist.</summary>
    public static async Task CreateAsync(RedisConnection connection, string stream, string group, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(database => database.StreamCreateConsumerGroupAsync(stream, group, "0", createStream: true), cancellationToken);
        }
        catch (RedisRefusedException refusal) when (refusal.Code == "BUSYGROUP")
        {
            // The group exists.
        }
    }
}
