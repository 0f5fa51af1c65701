using StackExchange.Redis;
using StreamRelay.Testing;

namespace StreamRelay.Redis;

/// <summary>A connection of a test's own, to change a server from outside and to look at it.</summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;

    private TestRedis(ConnectionMultiplexer multiplexer) => _multiplexer = multiplexer;

    public IDatabase Database => _multiplexer.GetDatabase();

    public static async Task<TestRedis> ConnectAsync(RedisServer server)
    {
        // Lists of pairs are easier to read than maps.
        var options = ConfigurationOptions.Parse(server.ConnectionString);
        options.Protocol = RedisProtocol.Resp2;
        return new(await ConnectionMultiplexer.ConnectAsync(options));
    }

    public Task<RedisResult> SendAsync(string command, params object[] arguments) => Database.ExecuteAsync(command, arguments).WaitAsync(RedisStores.Deadline);

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();
}
