using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StreamRelay.Cluster;
using StreamRelay.Limits;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Redis.Limits;
using StreamRelay.Redis.Log;
using StreamRelay.Redis.Nodes;
using StreamRelay.Redis.Operations;
using StreamRelay.Redis.Work;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Event logs, and the work that nodes share, in one Redis server (6.2 or later, also behind Sentinel; not Redis Cluster).</summary>
public sealed class RedisStore : IAsyncDisposable
{
    private const string PostgresKey = "ConnectionStrings:Postgres";

    private readonly RedisConnections _connections;
    private readonly RedisKeys _keys;
    private readonly LossRecovery _recovery;
    private readonly OpenWriters _writers;
    private readonly KeptAppends _kept;
    private readonly RedisEventLog _log;
    private readonly RedisWorkQueue _work;
    private readonly RedisSignals _signals;
    private readonly RedisReaderDirectory _readers;
    private readonly RedisCounts _counts;

    private RedisStore(RedisConnections connections, RedisStoreOptions options, StoreTimes times, ITaskStore? tasks)
    {
        _connections = connections;
        _keys = new(options.Prefix);
        _recovery = new(connections, _keys);
        _writers = new(connections.Commands, _recovery, connections.Time);
        _kept = new(connections, _recovery);
        _log = new(connections, _keys, options.Node, times, tasks, _writers, _kept);
        _readers = new(connections, _keys, options, times.Outage);
        Locks = new RedisLocks(connections, _keys, times.Outage);
        var brief = new BriefCommands(connections.Commands, connections.Time);
        _counts = new(connections.Commands, brief, _keys, options.Lease);
        Rates = new RedisRates(brief, _keys);
        Sums = new RedisSums(brief, _keys);
        _work = new(connections, new(_readers, _counts), _recovery, _keys, options, times.Outage);
        _signals = new(connections, _keys, options.Node);
    }

    /// <summary>The logs of the tasks.</summary>
    public IEventLog Log => _log;

    /// <summary>Follows what other nodes append.</summary>
    public IEventFeed Feed => _log;

    /// <summary>The tasks that nodes run together.</summary>
    public IWorkQueue Work => _work;

    /// <summary>The signals between nodes.</summary>
    public INodeSignals Signals => _signals;

    /// <summary>The readers on other nodes.</summary>
    public IReaderDirectory Readers => _readers;

    /// <summary>Locks that one node holds at a time.</summary>
    public INodeLocks Locks { get; }

    /// <summary>Rates that the nodes count together.</summary>
    public ISharedRates Rates { get; }

    /// <summary>Open things that the nodes count together.</summary>
    public ISharedCounts Counts => _counts;

    /// <summary>Sums that the nodes add to.</summary>
    public ISharedSums Sums { get; }

    /// <summary>Creates a store that connects when it is first used; <see cref="ConnectAsync"/> does so at once.</summary>
    /// <param name="connectionString">A configuration string of StackExchange.Redis, <c>host:port,password=…</c>, or <c>redis[s]://[user:password@]host[:port][/database]</c>.</param>
    /// <param name="options">The settings that the nodes work together with.</param>
    /// <param name="times">How long the store waits and keeps.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Receive losses and repairs.</param>
    /// <param name="tasks">The records, which distinguish a log that Redis has lost from one that was deleted; without them, neither is created again.</param>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static RedisStore Create(
        string connectionString, RedisStoreOptions options, StoreTimes times, TimeProvider time, ILoggerFactory loggers, ITaskStore? tasks = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(loggers);
        ConfigurationOptions server;
        try
        {
            server = RedisConnectionString.Parse(connectionString);
        }
        catch (FormatException exception)
        {
            throw new IOException($"{RedisStoreOptions.ConnectionKey} cannot be read: {exception.Message}", exception);
        }

        server.ClientName ??= options.Node;
        return new(new(server, options.Lease, time, loggers.CreateLogger<RedisStore>()), options, times, tasks);
    }

    /// <summary>Connects, and checks that the server can do what is needed.</summary>
    /// <exception cref="IOException">It cannot; the message says what to change.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connections.ConnectAsync(cancellationToken);
            await new RedisCheck(_connections, _keys).RunAsync(cancellationToken);
            await _recovery.DetectAsync(cancellationToken);
            await _work.CreateGroupAsync(cancellationToken);
            await _work.RenewAsync([], cancellationToken);
            await _readers.RemoveEndedAsync(cancellationToken);
            await _signals.SubscribeAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new IOException($"Redis cannot be used: {exception.Message} Check {RedisStoreOptions.ConnectionKey}.", exception);
        }
    }

    /// <summary>Checks that Redis and a database belong together: tasks of a database whose logs are elsewhere would look lost.</summary>
    /// <param name="cluster">The id in the database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Redis contains the logs of another cluster; the message says what to change.</exception>
    public async Task JoinAsync(Guid cluster, CancellationToken cancellationToken)
    {
        await _connections.Commands.SendAsync(database => database.StringSetAsync(_keys.Cluster, cluster.ToString(), when: When.NotExists), cancellationToken);
        string? found = await _connections.Commands.SendAsync(database => database.StringGetAsync(_keys.Cluster), cancellationToken);
        if (found != cluster.ToString())
        {
            throw new IOException($"Redis at {_connections.Servers} contains the logs of another cluster, {found}, and {PostgresKey} leads to the database of {cluster}. "
                + $"Name a Redis and a database that belong together, or another {RedisStoreOptions.Section}:Prefix; if that cluster no longer exists, delete the key '{_keys.Cluster}'.");
        }
    }

    /// <summary>A reader of completion messages, with a connection of its own to wait on; it works while this store does.</summary>
    /// <param name="options">What to read, filled in.</param>
    /// <param name="logger">Receives failures and dead letters.</param>
    public RedisCompletionConsumer OpenCompletions(OperationOptions options, ILogger<RedisCompletionConsumer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(new(_connections.Commands, _connections.OpenBlocking("operations", options.Block), options), options, _connections.Time, logger);
    }

    /// <summary>Asks the server once. On return logs can be written.</summary>
    /// <exception cref="IOException">It does not answer, or takes no writes; the message says why.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => _connections.Commands.SendAsync(
        database => database.StringSetAsync(_keys.Check, "", TimeSpan.FromSeconds(1)), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        await _kept.DisposeAsync();
        await _connections.DisposeAsync();
    }
}
