namespace StreamRelay.Redis.Resp;

/// <summary>Which server to connect to, as whom, and how patient to be with it.</summary>
internal sealed record RedisOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 6379;

    /// <summary>Whether to speak TLS and to check the server's certificate.</summary>
    public bool UseTls { get; init; }

    /// <summary>The name that the certificate must be for; null is <see cref="Host"/>.</summary>
    public string? TlsHost { get; init; }

    /// <summary>A PEM file with the authorities to trust; null is those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Null is the server's default user.</summary>
    public string? User { get; init; }

    /// <summary>Null is not to authenticate.</summary>
    public string? Password { get; init; }

    public int Database { get; init; }

    /// <summary>The name that the server knows us by.</summary>
    public string ClientName { get; init; } = "streamrelay";

    /// <summary>How long connecting may take, with TLS and authentication. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may be silent while it owes a reply. Default 5 s.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a command waits for a connection. Default 5 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where it is, for messages.</summary>
    public string Endpoint => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>
    /// Reads <c>redis[s]://[user:password@]host[:port][/database][?key=value]</c>, or
    /// <c>host[:port],key=value,…</c> with the keys of <see cref="RedisSettings"/>.
    /// </summary>
    /// <exception cref="FormatException">It is neither; the message never has the password.</exception>
    public static RedisOptions Parse(string connectionString) =>
        connectionString.Contains("://", StringComparison.Ordinal) ? RedisUri.Parse(connectionString) : RedisSettings.Parse(connectionString);

    /// <summary>Where it is and who we are, without the password.</summary>
    public override string ToString() =>
        $"{(UseTls ? "rediss" : "redis")}://{(User is null ? "" : Uri.EscapeDataString(User) + "@")}{Endpoint}/{Database}";
}
