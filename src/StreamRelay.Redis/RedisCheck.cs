using StreamRelay.Redis.Resp;


namespace StreamRelay.Redis;

/// <summary>Finds out at start whether a server will do, instead of when it does not.</summary>
internal sealed class RedisCheck(RespConnection connection, RedisKeys keys)
{
    private static readonly Version Oldest = new(6, 2);

    /// <exception cref="IOException">It will not do; the message says why and the way out.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var info = await InfoAsync(cancellationToken);
        if (info.TryGetValue("redis_version", out var text) && Version.TryParse(text, out var version) && version < Oldest)
            throw new IOException($"it is version {text}, and {Oldest} is the oldest with XAUTOCLAIM: update it.");
        if (info.GetValueOrDefault("redis_mode") == "cluster")
            throw new IOException("it is a Redis Cluster, which is not supported: use one server, with or without replicas.");

        await TryAsync(cancellationToken);
    }

    private async Task<Dictionary<string, string>> InfoAsync(CancellationToken cancellationToken)
    {
        var lines = (await connection.SendAsync(RespCommand.Of("INFO"), cancellationToken)).AsText().Split("\r\n");
        return lines.Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        RespCommand[] commands =
        [
            RespCommand.Of("XADD", keys.Check, "*", "check", ""), RespCommand.Of("XRANGE", keys.Check, "-", "+", "COUNT", 1),
            RespCommand.Of("XREVRANGE", keys.Check, "+", "-", "COUNT", 1), RespCommand.Of("XGROUP", "CREATE", keys.Check, "check", "0"),
            RespCommand.Of("XREADGROUP", "GROUP", "check", "check", "COUNT", 1, "STREAMS", keys.Check, ">"),
            RespCommand.Of("XAUTOCLAIM", keys.Check, "check", "check", 0, "0-0"), RespCommand.Of("XCLAIM", keys.Check, "check", "check", 0, "0-1", "JUSTID"),
            RespCommand.Of("XACK", keys.Check, "check", "0-1"), RespCommand.Of("XDEL", keys.Check, "0-1"), RespCommand.Of("PEXPIRE", keys.Check, 1000),
            RespCommand.Of("PUBLISH", keys.Check, ""), RespCommand.Of("SET", keys.Node("check"), "", "PX", 1), RespCommand.Of("EXISTS", keys.Check),
            RespCommand.Of("HGET", keys.Readers(""), ""), RespCommand.Of("SMEMBERS", keys.Nodes), RespCommand.Of("SREM", keys.Nodes, ""), RespCommand.Of("EVAL", "return 1", 0),
            RespCommand.Of("UNLINK", keys.Check),
        ];

        var answers = await connection.SendAsync(commands, cancellationToken);
        foreach (var (answer, command) in answers.Zip(commands))
        {
            if (answer.Kind == RespKind.Error)
                throw new IOException($"it refuses {command.Name}: {answer.Refusal().Reply}. The user needs +@stream +@pubsub +@keyspace +@string +@hash +@set +@scripting +@connection +info on the keys and channels of the prefix.");
        }
    }
}
