using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Keys;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Task records, files and signing keys in a PostgreSQL database (12 or later), shared by every node that opens it.</summary>
public sealed class PostgresStore : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresStore(PostgresDatabase database, NpgsqlConnectionStringBuilder settings, TimeProvider time)
    {
        _database = database;
        _settings = settings;
        var tasks = new PostgresTaskStore(database);
        Tasks = tasks;
        TaskCounts = new PostgresTaskCounts(database);
        Outbox = new PostgresOutbox(database, tasks);
        Files = new PostgresFileStore(database, time);
        Keys = new PostgresKeyRing(database);
        ApiKeys = new PostgresKeyStore(database);
        Conversations = new PostgresConversationStore(database);
    }

    /// <summary>The records of the tasks. Deleting one removes its files as well.</summary>
    public ITaskStore Tasks { get; }

    /// <summary>Counts the tasks of all nodes.</summary>
    public ITaskCounts TaskCounts { get; }

    /// <summary>The files of the tasks.</summary>
    public IFileStore Files { get; }

    /// <summary>The messages about the ends of tasks.</summary>
    public IOutbox Outbox { get; }

    /// <summary>The keys of data protection, so that every node accepts what another node signed. Every user who can read the database can read the keys.</summary>
    public IXmlRepository Keys { get; }

    /// <summary>The API keys.</summary>
    public IKeyStore ApiKeys { get; }

    /// <summary>The conversations that clients create.</summary>
    public IConversationStore Conversations { get; }

    /// <summary>Creates a store and connects it.</summary>
    /// <exception cref="IOException">The connection string cannot be read, or <see cref="ConnectAsync"/> failed.</exception>
    public static async Task<PostgresStore> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = Create(connectionString, time);
        try
        {
            await store.ConnectAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a store that is not connected yet; <see cref="ConnectAsync"/> must be called before its first use.</summary>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static PostgresStore Create(string connectionString, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var settings = PostgresConnectionString.Parse(connectionString);
        return new(new(NpgsqlDataSource.Create(settings), time), settings, time);
    }

    /// <summary>Opens the database and creates or upgrades its tables. Any number of nodes may do so at once.</summary>
    /// <exception cref="IOException">The database cannot be reached, rejects the user, cannot be written to or has tables of a later version, or the user lacks a permission; the message gives the correction.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgresSchema.EnsureAsync(_database.Source, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresFailure.From(exception, _settings);
        }
    }

    /// <summary>Assigns the database to a cluster, unless it belongs to that cluster already.</summary>
    /// <param name="prefix">The prefix of the cluster's keys in Redis.</param>
    /// <param name="cancellationToken">Cancels the assignment.</param>
    /// <returns>The cluster's id, the same for all of its nodes.</returns>
    /// <exception cref="IOException">The database belongs to another cluster; the message names both prefixes.</exception>
    public async Task<Guid> JoinAsync(string prefix, CancellationToken cancellationToken)
    {
        var (id, owner) = await _database.RunAsync((connection, _) => PostgresCluster.JoinAsync(connection, prefix, cancellationToken), cancellationToken);
        return owner == prefix ? id
            : throw PostgresFailure.From($"it belongs to the cluster with the prefix '{owner}', and StreamRelay:Cluster:Prefix is '{prefix}': set that to '{owner}', or name another database. A cluster needs one of its own.");
    }

    /// <summary>Checks that tasks can be stored. A failure on an old connection is checked once more on a new one.</summary>
    /// <exception cref="IOException">The database cannot be reached or cannot be written to; the message gives the reason.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            try
            {
                await using var command = _database.Source.CreateCommand("select current_setting('transaction_read_only') from streamrelay.version");
                if (await command.ExecuteScalarAsync(cancellationToken) is "off")
                    return;
                if (isRetry)
                    throw PostgresFailure.From("it is read only now: it must be the primary.");
            }
            catch (NpgsqlException exception) when (isRetry)
            {
                throw PostgresFailure.From(exception, _settings);
            }
            catch (NpgsqlException)
            {
            }

            // The connection may be older than a restart of the server. Its failure does not prove that the server is unavailable now.
            _database.Source.Clear();
        }
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
