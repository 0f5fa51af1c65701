using System.Net;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>Opens multiplexers on a primary, or says why there is none.</summary>
internal static class RedisConnector
{
    /// <exception cref="RedisUnavailableException">No server can be used; the message says why.</exception>
    public static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options, string name)
    {
        var failures = new ConnectionFailureLog();
        var own = options.Clone();
        own.LoggerFactory = failures;
        try
        {
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(own);
            if (options.ServiceName is not null || !HasOnlyReplicas(multiplexer))
                return multiplexer;

            await multiplexer.DisposeAsync();
        }
        catch (RedisConnectionException exception)
        {
            throw exception is { FailureType: ConnectionFailureType.AuthenticationFailure, InnerException: RedisServerException }
                ? new RedisUnavailableException($"{name} refused the user or the password: {RedisErrors.Reason(exception)}", exception)
                : new RedisUnavailableException($"{name} cannot be reached: {RedisErrors.Reason(failures.Last ?? exception)}", exception);
        }

        throw new RedisUnavailableException($"{name} is a read-only replica: name the primary.");
    }

    /// <summary>Whether every server that is connected is a replica.</summary>
    public static bool HasOnlyReplicas(ConnectionMultiplexer multiplexer)
    {
        var connected = multiplexer.GetServers().Where(server => server.IsConnected).ToArray();
        return connected.Length > 0 && connected.All(server => server.IsReplica);
    }

    /// <summary>The primary that is connected; <see langword="null"/> when there is none.</summary>
    public static EndPoint? FindPrimary(ConnectionMultiplexer multiplexer) =>
        multiplexer.GetServers().FirstOrDefault(server => server is { IsConnected: true, IsReplica: false })?.EndPoint;
}
