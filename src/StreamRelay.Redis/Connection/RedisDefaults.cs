using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>How connections behave where the connection string does not say otherwise.</summary>
internal static class RedisDefaults
{
    /// <summary>How long connecting and a reply may take. Default of <c>connectTimeout</c> and <c>asyncTimeout</c>.</summary>
    private const int TimeoutMilliseconds = 5_000;

    private const int KeepAliveSeconds = 10;
    private const int RoleCheckSeconds = 10;
    private static readonly CommandMap Restricted = CommandMap.Create(["CONFIG", "CLUSTER", "SENTINEL"], available: false);
    private static readonly CommandMap WithoutSubscriptions = CommandMap.Create(["CONFIG", "CLUSTER", "SENTINEL", "SUBSCRIBE"], available: false);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);

    /// <summary>Sets everything that is not in <paramref name="given"/>, the keys of the connection string.</summary>
    public static ConfigurationOptions Apply(ConfigurationOptions options, IReadOnlySet<string> given)
    {
        if (!given.Contains("connectTimeout"))
            options.ConnectTimeout = TimeoutMilliseconds;
        if (!given.Contains("asyncTimeout") && !given.Contains("syncTimeout"))
            options.AsyncTimeout = TimeoutMilliseconds;
        if (!given.Contains("keepAlive"))
            options.KeepAlive = KeepAliveSeconds;
        if (!given.Contains("configCheckSeconds"))
            options.ConfigCheckSeconds = RoleCheckSeconds;
        if (!given.Contains("connectRetry"))
            options.ConnectRetry = 1;

        // The check at start sends INFO and CLIENT INFO, which the library counts as administration.
        options.AllowAdmin = true;

        // A failed attempt is reported at once; RedisConnection makes the next one.
        options.AbortOnConnectFail = true;
        options.HeartbeatInterval = Heartbeat;
        options.ReconnectRetryPolicy = new ReconnectPolicy();
        options.BeforeSocketConnect = (_, _, socket) => RedisSocket.Configure(socket, options.AsyncTimeout);

        // An exception's message may be shown to clients: it names no keys.
        options.IncludeDetailInExceptions = false;

        // A key, a channel and commands that a user with rights on the prefix alone may not use. Sentinel needs them, and the connection string may rename them.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (options.ServiceName is null && !given.Any(key => key.StartsWith('$')))
            options.CommandMap = Restricted;

        return options;
    }

    /// <summary>Saves the connection that the library opens for subscriptions.</summary>
    public static void ExcludeSubscriptions(ConfigurationOptions options)
    {
        if (ReferenceEquals(options.CommandMap, Restricted))
            options.CommandMap = WithoutSubscriptions;
    }
}
