using StackExchange.Redis;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis;

/// <summary>Checks at start that a server can be used, so that a mistake in the settings stops the start.</summary>
internal sealed class RedisCheck(RedisConnections connections, RedisKeys keys)
{
    private static readonly Version Oldest = new(6, 2);

    /// <exception cref="IOException">The server cannot be used; the message says why and what to change.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var info = await InfoAsync(cancellationToken);
        if (info.TryGetValue("redis_version", out var text) && Version.TryParse(text, out var version) && version < Oldest)
            throw new IOException($"it is version {text}, and {Oldest} is the oldest with XAUTOCLAIM: update it.");
        if (info.GetValueOrDefault("redis_mode") == "cluster")
            throw new IOException("it is a Redis Cluster, which is not supported: use one server, with or without replicas, or Redis Sentinel.");

        await CheckDatabaseAsync(cancellationToken);
        await CheckRightsAsync(cancellationToken);
    }

    private async Task<Dictionary<string, string>> InfoAsync(CancellationToken cancellationToken)
    {
        var lines = $"{await SendAsync(["INFO"], cancellationToken)}".Split("\r\n");
        return lines.Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>The library ignores a refused SELECT and would use database 0.</summary>
    private async Task CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        if (connections.Database == 0)
            return;

        var client = $"{await SendAsync(["CLIENT", "INFO"], cancellationToken)}";
        if (!client.Split(' ').Contains($"db={connections.Database}"))
            throw new IOException($"it refuses SELECT {connections.Database}: name a database that it has and that the user may select.");
    }

    private async Task CheckRightsAsync(CancellationToken cancellationToken)
    {
        var (check, nodes) = ((RedisKey)keys.Check, (RedisKey)keys.Nodes);
        object[][] commands =
        [
            ["XADD", check, "*", "check", ""], ["XLEN", check], ["XRANGE", check, "-", "+", "COUNT", 1],
            ["XREVRANGE", check, "+", "-", "COUNT", 1], ["XGROUP", "CREATE", check, "check", "0"],
            ["XREADGROUP", "GROUP", "check", "check", "COUNT", 1, "STREAMS", check, ">"],
            ["XAUTOCLAIM", check, "check", "check", 0, "0-0"], ["XCLAIM", check, "check", "check", 0, "0-1", "JUSTID"],
            ["XACK", check, "check", "0-1"], ["XDEL", check, "0-1"], ["PEXPIRE", check, 1000],
            ["PUBLISH", keys.Check, ""], ["SET", (RedisKey)keys.Node("check"), "", "PX", 1], ["EXISTS", check],
            ["HGET", (RedisKey)keys.Readers(""), ""], ["SMEMBERS", nodes], ["SREM", nodes, ""],
            ["EVAL", "return 1", 0], ["UNLINK", check],
        ];

        foreach (var command in commands)
        {
            try
            {
                await SendAsync(command, cancellationToken);
            }
            catch (RedisRefusedException refusal)
            {
                throw new IOException($"it refuses {command[0]}: {refusal.Message}. The user needs +@stream +@pubsub +@keyspace +@string +@hash +@set +@scripting +@connection +info on the keys and channels of the prefix.", refusal);
            }
        }
    }

    private Task<RedisResult> SendAsync(object[] command, CancellationToken cancellationToken) =>
        connections.Commands.SendAsync(database => database.ExecuteAsync((string)command[0], command[1..]), cancellationToken);
}
