using StackExchange.Redis;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis;

/// <summary>One element of a reply to XREADGROUP.</summary>
/// <param name="Id">The id.</param>
/// <param name="Fields">The fields, each name followed by its value.</param>
internal readonly record struct StreamReply(string Id, IReadOnlyList<ReadOnlyMemory<byte>> Fields)
{
    /// <summary>Reads and, if there is nothing to read, waits. The connection is used for nothing else.</summary>
    /// <param name="connection">The connection that may be blocked.</param>
    /// <param name="command">The arguments of XREADGROUP for one stream.</param>
    /// <param name="cancellationToken">Ends the waiting; what is delivered later stays pending.</param>
    public static async Task<IReadOnlyList<StreamReply>> ReadGroupAsync(RedisConnection connection, object[] command, CancellationToken cancellationToken)
    {
        var reply = await connection.SendAsync(database => database.ExecuteAsync("XREADGROUP", command), cancellationToken);
        if (reply.IsNull || reply.Length == 0)
            return [];

        // A map from names to elements with RESP3, a list of pairs with RESP2.
        var elements = reply[0].Resp2Type == ResultType.Array ? reply[0][1] : reply[1];
        return [.. ((RedisResult[])elements!).Select(Read)];
    }

    private static StreamReply Read(RedisResult element) =>
        new($"{element[0]}", [.. ((RedisResult[])element[1]!).Select(static field => (ReadOnlyMemory<byte>)(byte[])field!)]);
}
