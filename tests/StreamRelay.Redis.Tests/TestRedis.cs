using StackExchange.Redis;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>A connection that a test uses to change and to inspect a server, independent of the store under test.</summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;

    private TestRedis(ConnectionMultiplexer multiplexer) => _multiplexer = multiplexer;

    public IDatabase Database => _multiplexer.GetDatabase();

    public static async Task<TestRedis> ConnectAsync(RedisServer server)
    {
        // With RESP2, nested replies are lists instead of maps, and tests can index them.
        var options = ConfigurationOptions.Parse(server.ConnectionString);
        options.Protocol = RedisProtocol.Resp2;
        return new(await ConnectionMultiplexer.ConnectAsync(options));
    }

    public Task<RedisResult> SendAsync(string command, params object[] arguments) => Database.ExecuteAsync(command, arguments).WaitAsync(RedisStores.Deadline);

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();
}
