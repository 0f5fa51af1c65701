using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>The tables, in a schema of their own. The first node creates them; the other nodes only check their version.</summary>
internal static class PostgresSchema
{
    private const string Name = "streamrelay";
    private const long LockKey = 0x5374724C61790001;
    private const int MinServerVersion = 12_00_00;

    /// <summary>The SQL that upgrades each version to the next. Steps are added, never changed.</summary>
    private static readonly string[] Steps =
    [
        PostgresTables.Create, PostgresTables.AddClusterTable, PostgresTables.AddTitle, PostgresTables.AddOutbox, PostgresTables.AddApiKeys, PostgresTables.AddKeyId,
        PostgresTables.AddConversations, PostgresTables.AddBasePath, PostgresTables.AddResultJson,
    ];

    /// <summary>Creates or upgrades the tables. When they are current, nothing is locked, and the permission to use them is enough.</summary>
    /// <exception cref="IOException">The server, the database, the user or the tables cannot be used; the message gives the reason and the correction.</exception>
    public static async Task EnsureAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await PostgresFacts.ReadAsync(connection, Name, cancellationToken);
        Check(found);
        if (await IsCurrentAsync(connection, found, cancellationToken))
            return;

        CheckMayCreate(found);
        await UpgradeAsync(connection, cancellationToken);
    }

    private static void Check(PostgresFacts found)
    {
        if (found.ServerVersion < MinServerVersion)
            throw PostgresFailure.From($"the server has version {found.ServerVersion / 10_000}; 12 or later is needed.");
        if (found.Encoding != "UTF8")
            throw PostgresFailure.From($"the database '{found.Database}' has the encoding {found.Encoding}: create one with ENCODING 'UTF8' TEMPLATE template0.");
        if (found.IsStandby)
            throw PostgresFailure.From("the server is a standby, which can only be read: Host must be the primary.");
        if (found.IsReadOnly)
            throw PostgresFailure.From($"it is read only (default_transaction_read_only is on for the server, the database '{found.Database}' or the user '{found.User}'): it must be a primary that can be written to.");
        if (found is { HasSchema: true, MayUse: false })
            throw PostgresFailure.From($"the user '{found.User}' may not use the schema '{Name}': its owner must run {UseGrant(found)}");
    }

    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, PostgresFacts found, CancellationToken cancellationToken)
    {
        if (!found.HasVersion)
            return false;
        if (found.Denied is { } table)
            throw PostgresFailure.From($"the user '{found.User}' may not read and write {Name}.{table}: its owner must run {UseGrant(found)}");

        return await VersionAsync(connection, cancellationToken) == Steps.Length;
    }

    private static void CheckMayCreate(PostgresFacts found)
    {
        if (found is { HasSchema: false, MayCreateSchema: false })
        {
            throw PostgresFailure.From(
                $"the user '{found.User}' may not create the schema '{Name}' on this first start: an administrator must run CREATE SCHEMA {Name} AUTHORIZATION {Quoted(found.User)}; "
                + $"or GRANT CREATE ON DATABASE {Quoted(found.Database)} TO {Quoted(found.User)};");
        }

        if (found is { HasSchema: true, MayCreateTables: false })
            throw PostgresFailure.From($"the user '{found.User}' may not create tables in the schema '{Name}': its owner must run GRANT CREATE ON SCHEMA {Name} TO {Quoted(found.User)};");
    }

    private static async Task UpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        var found = await PostgresFacts.ReadAsync(connection, Name, cancellationToken);
        if (!found.HasSchema)
            await ExecuteAsync(connection, $"create schema {Name}", cancellationToken);

        var version = found.HasVersion ? await VersionAsync(connection, cancellationToken) : 0;
        foreach (var step in Steps[version..])
            await ExecuteAsync(connection, step, cancellationToken);

        await ExecuteAsync(connection, $"update {Name}.version set number = {Steps.Length}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select number from {Name}.version", connection);
        var version = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        return version <= Steps.Length
            ? version
            : throw PostgresFailure.From($"the schema '{Name}' has version {version}, and this server supports versions up to {Steps.Length}: run the newer server, or name another database.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string UseGrant(PostgresFacts found) =>
        $"GRANT USAGE ON SCHEMA {Name} TO {Quoted(found.User)}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {Name} TO {Quoted(found.User)};";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
