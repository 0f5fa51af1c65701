using Microsoft.Extensions.Logging;
using StreamRelay.Cluster;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Event logs, and the work that nodes share, in one Redis server (6.2 or later, no cluster).</summary>
public sealed class RedisStore : IAsyncDisposable
{
    private const string PostgresKey = "ConnectionStrings:Postgres";

    private readonly RedisOptions _server;
    private readonly TimeProvider _time;
    private readonly RespConnection _connection;
    private readonly RespConnection _blocking;
    private readonly RespSubscriber _subscriber;
    private readonly RedisKeys _keys;
    private readonly OpenWriters _writers;
    private readonly RedisEventLog _log;
    private readonly RedisWorkQueue _work;
    private readonly RedisSignals _signals;
    private readonly RedisReaderDirectory _readers;

    private RedisStore(RedisOptions server, RedisStoreOptions options, TimeSpan outage, TimeSpan keep, ITaskStore? tasks, TimeProvider time, ILogger logger)
    {
        _server = server;
        _time = time;
        _keys = new(options.Prefix);
        _connection = new(server, "store", time, logger);
        _blocking = new(server, "work", time, logger);
        _subscriber = new(server, "signals", time, logger);
        _writers = new(_connection, time);
        _log = new(_connection, _subscriber, _keys, options.Node, outage, keep, _writers, tasks, time, logger);
        _readers = new(_connection, _keys, options.Node, options.Lease, outage, time);
        Locks = new RedisLocks(_connection, _keys, outage, time);
        _work = new(_connection, _blocking, _readers, _keys, options, outage, time);
        _signals = new(_connection, _subscriber, _keys);
    }

    /// <summary>The logs of the tasks.</summary>
    public IEventLog Log => _log;

    /// <summary>Tells of what other nodes write.</summary>
    public IEventFeed Feed => _log;

    /// <summary>The tasks that nodes run together.</summary>
    public IWorkQueue Work => _work;

    /// <summary>What nodes tell each other.</summary>
    public INodeSignals Signals => _signals;

    /// <summary>Who reads what on other nodes.</summary>
    public IReaderDirectory Readers => _readers;

    /// <summary>What one node does at a time.</summary>
    public INodeLocks Locks { get; }

    /// <summary>Makes a store that connects when it is first used; <see cref="ConnectAsync"/> does so at once.</summary>
    /// <param name="connectionString"><c>redis[s]://[user:password@]host[:port][/database]</c>, or <c>host:port,password=…</c>.</param>
    /// <param name="options">How the nodes work together.</param>
    /// <param name="outage">How long reading and writing wait for Redis while it is away.</param>
    /// <param name="keep">How long the log of an ended task is kept at the most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where losses and repairs are reported.</param>
    /// <param name="tasks">The records, which tell a log that Redis has lost from one that was deleted; without them, neither is made again.</param>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static RedisStore Create(
        string connectionString, RedisStoreOptions options, TimeSpan outage, TimeSpan keep, TimeProvider time, ILoggerFactory loggers, ITaskStore? tasks = null)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return new(RedisOptions.Parse(connectionString) with { ClientName = options.Node }, options, outage, keep, tasks, time, loggers.CreateLogger<RedisStore>());
        }
        catch (FormatException exception)
        {
            throw new IOException($"{RedisStoreOptions.ConnectionKey} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Connects, and checks that the server can do what is needed.</summary>
    /// <exception cref="IOException">It cannot; the message says the way out.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.ConnectAsync(cancellationToken);
            await _blocking.ConnectAsync(cancellationToken);
            await _subscriber.ConnectAsync(cancellationToken);
            await new RedisCheck(_connection, _keys).RunAsync(cancellationToken);
            await _work.MakeGroupAsync(cancellationToken);
            await _work.RenewAsync([], cancellationToken);
            await _readers.ForgetGoneAsync(cancellationToken);
            await _signals.ListenAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException)
        {
            throw new IOException($"Redis cannot be used: {exception.Message} Check {RedisStoreOptions.ConnectionKey}.", exception);
        }
    }

    /// <summary>Sees to it that Redis and a database belong together: tasks of a database whose logs are elsewhere would look lost.</summary>
    /// <param name="fleet">The id that the database has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Another fleet's logs are there; the message says the way out.</exception>
    public async Task JoinAsync(Guid fleet, CancellationToken cancellationToken)
    {
        RespCommand[] commands = [RespCommand.Of("SET", _keys.Fleet, fleet.ToString(), "NX"), RespCommand.Of("GET", _keys.Fleet)];
        var answers = await _connection.SendAsync(commands, cancellationToken);
        if (answers[1].AsText() is var found && found != fleet.ToString())
        {
            throw new IOException($"Redis at {_server.Endpoint} holds the logs of another fleet, {found}, and {PostgresKey} leads to the database of {fleet}. "
                + $"Name a Redis and a database that belong together, or another {RedisStoreOptions.Section}:Prefix; where that fleet is no more, delete the key '{_keys.Fleet}'.");
        }
    }

    /// <summary>A reader of completion messages, with a connection of its own to wait on; it works while this store does.</summary>
    /// <param name="options">What to read, filled in.</param>
    /// <param name="logger">Where failures and dead letters are reported.</param>
    public RedisCompletionConsumer OpenCompletions(OperationOptions options, ILogger<RedisCompletionConsumer> logger) =>
        new(_connection, new(_server, "operations", _time, logger), options, _time, logger);

    /// <summary>Asks the server, without patience. When it returns, logs can be written.</summary>
    /// <exception cref="IOException">It does not answer, or takes no writes; the message says why.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => _connection.SendAsync(RespCommand.Of("SET", _keys.Check, "", "PX", 1000), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        await _blocking.DisposeAsync();
        await _subscriber.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
