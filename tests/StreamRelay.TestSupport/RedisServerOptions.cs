namespace StreamRelay.TestSupport;

/// <summary>The configuration of a Redis server for a test. By default it persists nothing and needs no password.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Whether it writes an append-only file, which a restart reads.</summary>
    public bool AppendOnly { get; init; }

    /// <summary><c>always</c>, <c>everysec</c> or <c>no</c>.</summary>
    public string AppendFsync { get; init; } = "everysec";

    /// <summary>The password of the default user.</summary>
    public string? Password { get; init; }

    /// <summary>More users, each as a rule such as <c>reader on &gt;secret ~* +@read</c>.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Whether it accepts TLS connections only, with a certificate that <see cref="RedisServer.CaFile"/> issued.</summary>
    public bool Tls { get; init; }

    /// <summary>More lines of the configuration, such as <c>replicaof 127.0.0.1 6379</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }
}
