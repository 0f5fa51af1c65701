namespace StreamRelay.Testing;

/// <summary>How a Redis server for a test is set up; by default it keeps nothing and lets everybody in.</summary>
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

    /// <summary>Whether it speaks TLS, and nothing else, with a certificate that only its <see cref="RedisServer.CaFile"/> vouches for.</summary>
    public bool Tls { get; init; }

    /// <summary>More lines of its configuration, such as <c>replicaof 127.0.0.1 6379</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>0 is any free one.</summary>
    public int Port { get; init; }
}
