namespace StreamRelay.TestSupport;

/// <summary>One Redis server for all tests of a process that neither stop it nor fill it. Each test uses a prefix of its own.</summary>
public static class SharedRedis
{
    private static readonly Lazy<Task<RedisServer>> Server = new(StartAsync);

    public static Task<RedisServer> GetAsync() => Server.Value;

    /// <summary>A prefix that no other test has.</summary>
    public static string NewPrefix() => "test-" + Guid.NewGuid().ToString("N");

    private static async Task<RedisServer> StartAsync()
    {
        var server = await RedisServer.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}
