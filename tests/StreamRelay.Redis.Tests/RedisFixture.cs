using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>A fixture whose store keeps logs in Redis, without tasks and files.</summary>
internal sealed class RedisFixture : IStoreFixture
{
    private readonly RedisStoreOptions _options = new() { Prefix = SharedRedis.NewPrefix() };
    private readonly string _connection = SharedRedis.GetAsync().GetAwaiter().GetResult().ConnectionString;

    public RedisFixture() => Store = Open();

    public RedisStore Store { get; private set; }

    public IEventLog Log => Store.Log;

    public ITaskStore Tasks => throw new NotSupportedException("Tasks are not kept in Redis.");

    public IFileStore Files => throw new NotSupportedException("Files are not kept in Redis.");

    public async ValueTask ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private RedisStore Open() => RedisStore.Create(_connection, _options, RedisStores.Times, TimeProvider.System, NullLoggerFactory.Instance);
}
