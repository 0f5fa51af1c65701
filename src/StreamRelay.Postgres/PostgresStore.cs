using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using StreamRelay.Files;
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
        Tasks = new PostgresTaskStore(database);
        Files = new PostgresFileStore(database, time);
        Keys = new PostgresKeyRing(database);
    }

    /// <summary>The records of the tasks. Deleting one removes its files as well.</summary>
    public ITaskStore Tasks { get; }

    /// <summary>The files of the tasks.</summary>
    public IFileStore Files { get; }

    /// <summary>The keys of data protection, so that what one node signs is understood by all. Whoever reads the database can read them.</summary>
    public IXmlRepository Keys { get; }

    /// <summary>Makes a store and connects it.</summary>
    /// <exception cref="IOException">As of <see cref="Create"/> and <see cref="ConnectAsync"/>.</exception>
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

    /// <summary>Makes a store that is of use once it is connected.</summary>
    /// <exception cref="IOException">The connection string cannot be read.</exception>
    public static PostgresStore Create(string connectionString, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var settings = PostgresConnectionString.Parse(connectionString);
        return new(new(NpgsqlDataSource.Create(settings), time), settings, time);
    }

    /// <summary>Opens the database, making or upgrading what is needed in it. Any number of nodes may do so at once.</summary>
    /// <exception cref="IOException">It cannot be reached, refuses the user, lacks a permission, cannot be written to, or was made by a later version; the message says the way out.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgresSchema.EnsureAsync(_database.Source, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresRefusal.From(exception, _settings);
        }
    }

    /// <summary>Makes the database that of a cluster, unless it is already.</summary>
    /// <param name="prefix">What the cluster's keys in Redis begin with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The cluster's id, the same for all of its nodes.</returns>
    /// <exception cref="IOException">It is another cluster's; the message names both prefixes.</exception>
    public async Task<Guid> JoinAsync(string prefix, CancellationToken cancellationToken)
    {
        var (id, owner) = await _database.RunAsync((connection, _) => PostgresCluster.JoinAsync(connection, prefix, cancellationToken), cancellationToken);
        return owner == prefix ? id
            : throw PostgresRefusal.From($"it belongs to the cluster with the prefix '{owner}', and StreamRelay:Cluster:Prefix is '{prefix}': set that to '{owner}', or name another database. A cluster needs one of its own.");
    }

    /// <summary>Asks the server, without patience. When it returns, tasks can be stored.</summary>
    /// <exception cref="IOException">It cannot be reached, or not be written to; the message says why.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        for (var anew = false; ; anew = true)
        {
            try
            {
                await using var command = _database.Source.CreateCommand("select current_setting('transaction_read_only') from streamrelay.version");
                if (await command.ExecuteScalarAsync(cancellationToken) is "off")
                    return;
                if (anew)
                    throw PostgresRefusal.From("it is read only now: it must be the primary.");
            }
            catch (NpgsqlException exception) when (anew)
            {
                throw PostgresRefusal.From(exception, _settings);
            }
            catch (NpgsqlException)
            {
            }

            // The connection may be older than a restart, and says nothing about the server then.
            _database.Source.Clear();
        }
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
