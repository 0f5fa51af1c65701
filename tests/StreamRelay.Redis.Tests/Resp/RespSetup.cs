using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

/// <summary>Connections for tests.</summary>
internal static class RespSetup
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Short enough to wait for, long enough for a busy machine.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    public static RespConnection Connection(RedisOptions options, TimeProvider? time = null) =>
        new(options, "test", time ?? TimeProvider.System, NullLogger.Instance);

    public static RespSubscriber Subscriber(RedisOptions options) => new(options, "test", TimeProvider.System, NullLogger.Instance);

    public static RedisOptions Options(this RedisServer server) => RedisOptions.Parse(server.ConnectionString);

    public static async Task<RespConnection> ConnectAsync(this RedisServer server, RedisOptions? options = null)
    {
        var connection = Connection(options ?? server.Options());
        await connection.ConnectAsync(CancellationToken.None);
        return connection;
    }

    public static Task<RespValue> SendAsync(this RespConnection connection, string name, params ReadOnlySpan<RespArgument> arguments) =>
        connection.SendAsync(RespCommand.Of(name, arguments), CancellationToken.None).WaitAsync(Deadline);

    /// <summary>Asks until the answer has the text in it.</summary>
    public static async Task UntilAsync(this RedisServer server, string text, params string[] question)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!(await server.CliAsync(question)).Contains(text, StringComparison.Ordinal))
            deadline.Token.ThrowIfCancellationRequested();
    }
}
