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
    public static async Task<IReadOnlyList<StreamReply>> ReadGroupAsync(RedisConnection connection, object[] command, CancellationToken cancellationToken) =>
        await connection.SendAsync(async database => ReadAll(await database.ExecuteAsync("XREADGROUP", command)), cancellationToken);

    /// <exception cref="FormatException">It is no reply to XREADGROUP.</exception>
    private static StreamReply[] ReadAll(RedisResult reply)
    {
        if (reply.IsNull || reply.Length == 0)
            return [];

        // A map from names to elements with RESP3, a list of pairs with RESP2.
        var pair = List(reply) is [var only] ? List(only) : List(reply);
        return pair is [_, var elements] ? [.. List(elements).Select(Read)] : throw new FormatException("The reply has more than one stream.");
    }

    private static StreamReply Read(RedisResult element) => List(element) is [var id, var fields]
        ? new($"{id}", [.. List(fields).Select(static field => (ReadOnlyMemory<byte>)(byte[]?)field)])
        : throw new FormatException("An element of the reply has no id or no fields.");

    private static RedisResult[] List(RedisResult result) => (RedisResult[]?)result ?? throw new FormatException("A part of the reply is no list.");
}
