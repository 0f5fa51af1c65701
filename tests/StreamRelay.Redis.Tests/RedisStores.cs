using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.Cluster;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>Opens stores and connections of test nodes on a server.</summary>
internal static class RedisStores
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static readonly StoreTimes Times = new(Outage: TimeSpan.FromMinutes(1), Keep: TimeSpan.FromHours(1));

    /// <summary>Returns a connection to a server, or to the servers of a given connection string.</summary>
    public static RedisConnection Connection(RedisServer server, string? connectionString = null) =>
        new(RedisConnectionString.Parse(connectionString ?? server.ConnectionString), "test", TimeProvider.System, NullLogger.Instance);

    public static RedisSubscriber Subscriber(RedisServer server) =>
        RedisConnections.OpenSubscriber(RedisConnectionString.Parse(server.ConnectionString), TimeProvider.System, NullLogger.Instance);

    public static async Task<RedisStore> OpenAsync(RedisServer server, string prefix, string node = "one", TimeSpan? lease = null, ITaskStore? tasks = null)
    {
        var options = new RedisStoreOptions { Prefix = prefix, Node = node, Lease = lease ?? TimeSpan.FromSeconds(1) };
        var store = RedisStore.Create(server.ConnectionString, options, Times, TimeProvider.System, NullLoggerFactory.Instance, tasks);
        await store.ConnectAsync(CancellationToken.None).WaitAsync(Deadline);
        return store;
    }

    /// <summary>Waits until the node claims tasks, which it does with a task whose consumer does not exist.</summary>
    public static async Task UntilClaimsAsync(RedisServer server, string prefix, IWorkQueue node)
    {
        await server.CliAsync("XADD", $"{prefix}:work", "*", "task", SampleEntries.NewTask().ToString());
        await server.CliAsync("XREADGROUP", "GROUP", "nodes", "gone", "STREAMS", $"{prefix}:work", ">");
        IReadOnlyList<WorkItem> taken = [];
        await Wait.UntilAsync(async () => (taken = await node.TakeAsync(1, CancellationToken.None)).Count > 0, Deadline, "a claimed task");
        await node.CompleteAsync(taken[0], CancellationToken.None);
    }
}
