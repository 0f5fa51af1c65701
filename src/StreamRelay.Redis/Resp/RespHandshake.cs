namespace StreamRelay.Redis.Resp;

/// <summary>The first words on a connection: the protocol, who we are, and the database.</summary>
internal static class RespHandshake
{
    /// <exception cref="RespErrorException">The server does not have us; with its words.</exception>
    public static async Task RunAsync(Stream stream, RespInput input, RedisOptions options, string name, CancellationToken cancellationToken)
    {
        var welcome = await AskAsync(stream, input, Hello(options, name), options, cancellationToken);
        // A socket that was connected to itself by chance hears its own words.
        if (welcome.Kind != RespKind.Map)
            throw new RespProtocolException($"What is at {options.Endpoint} is not Redis.");
        if (Role(welcome) is "replica" or "slave")
            throw new RespUnavailableException($"Redis at {options.Endpoint} is a read-only replica: name the primary.", null);

        if (options.Database != 0)
            await AskAsync(stream, input, RespCommand.Of("SELECT", options.Database), options, cancellationToken);

        // One that still loads its data welcomes everybody, and answers nobody.
        await AskAsync(stream, input, RespCommand.Of("PING"), options, cancellationToken);
    }

    private static string? Role(RespValue welcome)
    {
        for (var index = 0; index + 1 < welcome.Items.Count; index += 2)
        {
            if (welcome.Items[index].AsText() == "role")
                return welcome.Items[index + 1].AsText();
        }

        return null;
    }

    private static RespCommand Hello(RedisOptions options, string name) => options.Password is null
        ? RespCommand.Of("HELLO", 3, "SETNAME", name)
        : RespCommand.Of("HELLO", 3, "AUTH", options.User ?? "default", options.Password, "SETNAME", name);

    private static async Task<RespValue> AskAsync(Stream stream, RespInput input, RespCommand command, RedisOptions options, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(command.Encoded, cancellationToken);
        RespValue reply;
        while (!input.TryRead(out reply))
            await input.FillAsync(cancellationToken);

        return reply.Kind == RespKind.Error ? throw Refused(reply.Refusal().Reply, command, options) : reply;
    }

    private static RespErrorException Refused(string reply, RespCommand command, RedisOptions options)
    {
        var isOld = reply.StartsWith("ERR unknown command", StringComparison.Ordinal) || reply.StartsWith("NOPROTO", StringComparison.Ordinal);
        return new(reply, $"Redis at {options.Endpoint} refused {command.Name}: ", isOld ? "(Redis 6 or later is needed)" : "");
    }
}
